"""Addresses of signing in. Names with mfa_ and account_ are what allauth calls its pages."""

from django.urls import path

from portico.web.signin import codes, providers, second_step, security, setting_up

urlpatterns = [
    path("sign-in/code/", codes.ask, name="sign-in-code"),
    path("sign-in/code/type/", codes.type_in, name="sign-in-code-type"),
    path("sign-in/passkey/", second_step.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("sign-in/with/<uuid:provider_id>/", providers.start, name="sign-in-with"),
    path("sign-in/with/<uuid:provider_id>/return/", providers.finish, name="sign-in-return"),
    path("account/again/", second_step.password_again, name="account_reauthenticate"),
    path("account/again/code/", second_step.code_again, name="mfa_reauthenticate"),
    path("account/again/passkey/", second_step.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("account/security/", security.security, name="mfa_index"),
    path("account/security/password/", security.password, name="change-password"),
    path("account/security/app/", second_step.add_app, name="mfa_activate_totp"),
    path("account/security/app/remove/", second_step.remove_app, name="mfa_deactivate_totp"),
    path("account/security/codes/", second_step.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        second_step.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/security/passkeys/", security.security, name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", second_step.add_passkey, name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:passkey_id>/remove/",
        second_step.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("account/security/sessions/<str:mark>/end/", security.end_session, name="session-end"),
    path(
        "account/security/sign-out-everywhere/",
        security.sign_out_everywhere,
        name="sign-out-everywhere",
    ),
    path("sign-in-settings/", setting_up.sign_in_settings, name="sign-in-settings"),
    path("sign-in-settings/demand/", setting_up.demand, name="second-step-demand"),
    path("sign-in-settings/<uuid:provider_id>/", setting_up.provider, name="provider"),
    path("sign-in-settings/<uuid:provider_id>/remove/", setting_up.remove, name="provider-remove"),
    path("sign-in-settings/<uuid:provider_id>/anew/", setting_up.link_anew, name="provider-anew"),
    path(
        "sign-in-settings/people/<uuid:staff_id>/reset/",
        setting_up.reset,
        name="second-step-reset",
    ),
]
