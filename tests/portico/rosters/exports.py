"""OneRoster zips for tests, written as a student information system would."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLUMNS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "users12": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
    "orgSourcedId,userProfileSourcedId",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,"
    "classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,"
    "userSourcedId,role,primary,beginDate,endDate",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
    "orgSourcedId,subjects,subjectCodes",
}
FILES = ("orgs", "users", "roles", "classes", "enrollments", "academicSessions", "courses")


@dataclass
class Export:
    """Rows by file. `org`, `user`, `role`, `group` (a class), `enroll` and `term` add one."""

    version: str = "1.1"
    mode: str = "bulk"
    status: str = ""
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # a file's text, as it stands
    bom: bool = False

    def add(self, file: str, source_id: str, **cells: Any) -> "Export":
        row = {"sourcedId": source_id, "status": self.status}
        if self.mode == "delta":
            row["dateLastModified"] = "2026-11-01T00:00:00Z"
        self.rows.setdefault(file, []).append(row | cells)
        return self

    def org(self, source_id: str, name: str = "The Met High School", **cells: Any) -> "Export":
        return self.add("orgs", source_id, **{"name": name, "type": "school"} | cells)

    def user(self, source_id: str, *orgs: str, role: str = "student", **cells: Any) -> "Export":
        given = {
            "enabledUser": "true", "username": source_id, "givenName": "Pat",
            "familyName": source_id.title(), "password": "never-read",
        }  # fmt: skip
        if self.version == "1.1":
            given |= {"orgSourcedIds": ",".join(orgs), "role": role}
        self.add("users", source_id, **given | cells)
        if self.version == "1.2":
            for org in orgs:
                self.role(source_id, org, role)
        return self

    def role(self, user: str, org: str, role: str, **cells: Any) -> "Export":
        row = {"userSourcedId": user, "orgSourcedId": org, "role": role, "roleType": "primary"}
        return self.add("roles", f"{user}-{org}-{role}", **row | cells)

    def group(self, source_id: str, org: str, title: str = "Biology", **cells: Any) -> "Export":
        row = {"title": title, "schoolSourcedId": org, "classType": "scheduled"}
        return self.add("classes", source_id, **row | cells)

    def enroll(self, group: str, user: str, role: str = "student", **cells: Any) -> "Export":
        row = {"classSourcedId": group, "userSourcedId": user, "role": role}
        return self.add("enrollments", f"{group}-{user}", **row | cells)

    def term(self, source_id: str, title: str, first: str, last: str, **cells: Any) -> "Export":
        row = {"title": title, "startDate": first, "endDate": last, "type": "semester"}
        return self.add("academicSessions", source_id, **row | cells)

    def text(self, file: str) -> str:
        if file in self.texts:
            return self.texts[file]
        name = "users12" if file == "users" and self.version == "1.2" else file
        extra = sorted({key for row in self.rows[file] for key in row} - set(_columns(name)))
        lines = io.StringIO()
        writer = csv.DictWriter(lines, [*_columns(name), *extra], restval="")
        writer.writeheader()
        writer.writerows(self.rows[file])
        return lines.getvalue()

    def manifest(self) -> str:
        there = {*self.rows, *self.texts}
        said = "".join(
            f"file.{file},{self.mode if file in there else 'absent'}\n" for file in FILES
        )
        return f"propertyName,value\nmanifest.version,1.0\noneroster.version,{self.version}\n{said}"

    def write(self, folder: Path, name: str = "roster.zip") -> Path:
        path = folder / name
        mark = "\ufeff" if self.bom else ""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            manifest = self.texts.get("manifest", self.manifest())
            if manifest:
                packed.writestr("manifest.csv", mark + manifest)
            for file in FILES:
                if file in self.rows or file in self.texts:
                    packed.writestr(f"{file}.csv", mark + self.text(file))
        return path


def _columns(file: str) -> list[str]:
    return COLUMNS[file].split(",")


def small_school(version: str = "1.1", **options: Any) -> Export:
    """The Met with a teacher, two students in her advisory, and a term."""
    export = Export(version=version, **options)
    export.org("o-met", identifier="MET1")
    export.user("t1", "o-met", role="teacher", givenName="Dana", email="dana@met.example.org")
    export.user("s1", "o-met", givenName="Luz", email="luz@met.example.org", grades="11")
    export.user("s2", "o-met", givenName="Kofi", email="", grades="09")
    export.term("fall", "Fall 2026", "2026-09-08", "2027-01-29")
    export.group("adv", "o-met", "Advisory Dana", classType="homeroom", termSourcedIds="fall")
    export.enroll("adv", "t1", "teacher", primary="true")
    export.enroll("adv", "s1").enroll("adv", "s2")
    return export
