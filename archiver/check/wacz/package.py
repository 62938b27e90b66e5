"""What a WACZ says of itself: `datapackage.json`, its digest, its signature.

What the specification (WACZ 1.1.1, wacz-auth 0.1.0) asks for is held against anybody's; what
it merely recommends, against ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiver.check.fault import Fault, Problem, Severity
from archiver.sources.listed import Listed, listed_in, object_in
from archiver.wacz.package import DIGEST, PACKAGE, PROFILE, WACZ_VERSION, hash_of
from archiver.wacz.proof import BadPackage, read_small
from archiver.wacz.verifying import BadSignature, verify
from archiver.zipped import Zip

_SOFTWARE = "archiver/"
_VERSIONS = ("1.0.0", "1.1.0", "1.2.0")  # others that are in use
_SIGNED = ("hash", "signature", "created", "software")


class PackageCheck:
    """The package of *archive*, called *shown*; *listed* are the files that it lists, by path.

    *main_page* is the URL that it says to begin with, whatever that is.
    """

    def __init__(self, archive: Zip, shown: str) -> None:
        self.listed: dict[str, Listed] = {}
        self.is_ours = False
        self.main_page: object = None
        self._archive = archive
        self._shown = shown
        self._octets = b""
        self._fields: dict[str, Any] = {}  # Any: JSON of somebody's

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the package, its digest and its signature."""
        where = f"{self._shown}/{PACKAGE}"
        try:
            self._octets = read_small(self._archive, PACKAGE)
        except BadPackage as error:
            yield Problem("package", f"{PACKAGE} {error.problem}", "one").at(self._shown)
            return
        fields = object_in(self._octets)
        if fields is None:
            yield Problem("package", "no JSON object", f"a {PROFILE}").at(where)
            return
        self._fields = fields
        self.main_page = fields.get("mainPageUrl")
        self.is_ours = str(fields.get("software")).startswith(_SOFTWARE)
        for problem in (*self._problems(), *self._problems_of_resources()):
            yield problem.at(where)
        for problem in self._problems_of_digest():
            yield problem.at(f"{self._shown}/{DIGEST}")

    def _problems(self) -> Iterator[Problem]:
        profile, version = self._fields.get("profile"), self._fields.get("wacz_version")
        if profile != PROFILE:
            yield Problem("package", f"profile {profile!r}", repr(PROFILE))
        if version != WACZ_VERSION:
            severity: Severity = "note" if version in _VERSIONS else "fault"
            yield Problem("package", f"wacz_version {version!r}", repr(WACZ_VERSION), severity)
        title = self._fields.get("title")
        if not isinstance(title, str) or not title:
            yield Problem("package", f"title {title!r}", "one to be listed by", "note")

    def _problems_of_resources(self) -> Iterator[Problem]:
        resources = self._fields.get("resources")
        if not isinstance(resources, list) or not resources:
            yield Problem("package", "no resources", "all files of the WACZ")
        listed = list(listed_in(self._fields))
        if isinstance(resources, list) and len(listed) < len(resources):
            found = f"{len(resources) - len(listed)} resources without a path"
            yield Problem("package", found, "a path in each")
        for resource in listed:
            if resource.path in self.listed:
                yield Problem("package", f"{resource.path!r} is listed twice", "once")
                continue
            self.listed[resource.path] = resource
            yield from self._problems_of(resource)

    def _problems_of(self, resource: Listed) -> Iterator[Problem]:
        if resource.path not in self._archive.members:
            yield Problem("missing-file", f"no {resource.path!r}", "a file that it lists")
        if resource.size is None:
            yield Problem("package", f"no bytes of {resource.path!r}", "their number")
        if resource.digest is None:
            found = f"no hash of {resource.path!r} that can be verified"
            yield Problem("package", found, "one such as sha256:…")

    def _problems_of_digest(self) -> Iterator[Problem]:
        if DIGEST not in self._archive.members:
            severity: Severity = "fault" if self.is_ours else "note"
            yield Problem("missing-file", f"no {DIGEST}", "one, as WACZ recommends", severity)
            return
        try:
            digest = object_in(read_small(self._archive, DIGEST))
        except BadPackage as error:
            yield Problem("package", f"it {error.problem}", "a short file")
            return
        if digest is None:
            yield Problem("package", "no JSON object", "path and hash")
            return
        if digest.get("path") != PACKAGE:
            yield Problem("package", f"path {digest.get('path')!r}", repr(PACKAGE))
        if digest.get("hash") != hash_of(self._octets):
            expected = f"{hash_of(self._octets)!r}, that of {PACKAGE}"
            yield Problem("hash", f"hash {digest.get('hash')!r}", expected)
        if "signedData" in digest:
            yield from self._problems_of_signature(digest["signedData"])

    def _problems_of_signature(self, signed: Any) -> Iterator[Problem]:
        if not isinstance(signed, dict):
            yield Problem("signature", "signedData is no object", "one (wacz-auth 0.1.0)")
            return
        for name in _SIGNED:
            if not isinstance(signed.get(name), str):
                yield Problem("signature", f"no {name} in signedData", "one (wacz-auth 0.1.0)")
        if signed.get("hash") != hash_of(self._octets):
            expected = f"{hash_of(self._octets)!r}, that of {PACKAGE}"
            yield Problem("signature", f"what is signed is {signed.get('hash')!r}", expected)
        created = self._fields.get("created")
        if signed.get("created") != created:
            found = f"signed as created {signed.get('created')!r}"
            yield Problem("signature", found, f"{created!r} as {PACKAGE} says")
        try:
            verify(signed)
        except BadSignature as error:
            yield Problem("signature", str(error), "one that can be verified")
            return
        if "publicKey" in signed and "domain" in signed:
            found = f"domain {signed['domain']!r} beside a bare key, which proves no domain"
            yield Problem("signature", found, "", "note")
        if "publicKey" not in signed:
            whose = f"signed for {signed.get('domain')!r}"
            found = f"{whose}, of which the time stamp was not verified"
            yield Problem("signature", found, "", "note")
