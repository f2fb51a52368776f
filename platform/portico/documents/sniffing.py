"""What a file is, told by its first bytes. The name and the type a browser sends are hearsay.

Only four kinds are taken, and each must begin with its own signature at its first byte, so
that a file cannot begin as one thing and be opened as another. What is inside is never
trusted all the same: files are handed out as downloads (serving.py).
"""

PDF, PNG, JPEG, HEIC = "application/pdf", "image/png", "image/jpeg", "image/heic"
EXTENSIONS = {PDF: "pdf", PNG: "png", JPEG: "jpg", HEIC: "heic"}
ENOUGH = 4096  # bytes to look at
# ISO base media brands a phone writes into a still picture (ISO/IEC 23008-12)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def sniff(head: bytes) -> str | None:
    """The content type of a file that begins with *head* (ENOUGH bytes), or None."""
    if head.startswith((b"%PDF-1.", b"%PDF-2.")):
        # a page may hide behind a PDF's first line; a browser that guesses would find it
        return None if b"<html" in head.lower() or b"<script" in head.lower() else PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG if head[12:16] == b"IHDR" else None
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return None
