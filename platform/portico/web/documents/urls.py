"""Addresses of documents, at a school's host."""

from django.urls import path

from portico.web.documents import checklist_page, document_page, requirements, sign_page

urlpatterns = [
    path("sign/<str:secret>/", sign_page.sign_link, name="sign-link"),
    path("documents/<uuid:placement_id>/", checklist_page.documents, name="documents-of"),
    path("documents/<uuid:placement_id>/ask/", checklist_page.ask, name="documents-ask"),
    path("documents/<uuid:placement_id>/guardian/", checklist_page.guardian, name="guardian"),
    path("documents/<uuid:placement_id>/student/", checklist_page.facts, name="student-facts"),
    path(
        "documents/<uuid:placement_id>/give/<uuid:requirement_id>/",
        checklist_page.give,
        name="document-give",
    ),
    path("document/<uuid:document_id>/", document_page.document, name="document"),
    path("document/<uuid:document_id>/file/", document_page.file, name="document-file"),
    path("document/<uuid:document_id>/check/", document_page.check, name="document-check"),
    path("coordinator/documents/", requirements.requirement_list, name="requirements"),
    path("coordinator/documents/new/", requirements.add, name="requirement-add"),
    path("coordinator/documents/ending/", requirements.ending_list, name="documents-ending"),
    path("coordinator/documents/<uuid:requirement_id>/", requirements.edit, name="requirement"),
    path(
        "coordinator/documents/<uuid:requirement_id>/active/",
        requirements.set_active,
        name="requirement-active",
    ),
]
