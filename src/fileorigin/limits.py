"""What each check can say and cannot say, in one sentence each; for the command, the schema and the README."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "container": "File structure",
    "generator_marks": "Marks of a generator",
    "digital_source_type": "IPTC digital source type",
    "ai_properties": "IPTC properties and credit lines that state AI",
    "aigc_label": "AIGC label (GB 45438-2025)",
    "c2pa": "Content Credentials (C2PA)",
    "c2pa_remote_reference": "Content Credentials kept elsewhere",
    "camera": "Marks of a camera",
    "thumbnail": "Embedded thumbnail",
    "alpha_payload": "Text hidden in the pixels",
    "novelai_signature": "Signature of NovelAI",
    "pixel_watermark": "Published watermark pattern",
}
LIMITS: Mapping[str, str] = {
    "container": "A file without any metadata is no evidence: most sites remove it.",
    "generator_marks": "Unsigned text: anyone can write it onto any picture, and saving again removes it.",
    "digital_source_type": "Unsigned: anyone can write it. An eraser on a snapshot writes the same words.",
    "ai_properties": "Unsigned: anyone can write it, and the text is free.",
    "aigc_label": "Unsigned; a platform that only suspects AI may have added it.",
    "c2pa": "It vouches for the signer, not for the scene. A harmless edit makes it invalid; a signer may have taken a "
    "real picture in; offline nobody hears of a withdrawn certificate but from the operator's list.",
    "c2pa_remote_reference": "Only a pointer. It is recorded and never followed.",
    "camera": "Unsigned: copied easily onto any picture.",
    "thumbnail": "A difference says that the file was changed after the thumbnail was made; a crop does that too.",
    "alpha_payload": "Unsigned: anyone can write it. JPEG destroys it.",
    "novelai_signature": "It says that the generator wrote these pixels; a picture may still have gone in.",
    "pixel_watermark": "Anyone can embed a pattern, and a real picture may lie underneath. A miss says nothing: most "
    "saving again destroys it.",
}
REASONS: Mapping[str, str] = {
    "format_without_pixels": "pixels of this format are not read",
    "chroma_subsampled": "its colour is subsampled, which destroys such marks",
    "too_many_pixels": "it has too many pixels",
    "not_decoded": "its pixels took more time or memory than a file is given",
    "other_pixels": "its pixels are of another kind (palette, grey, CMYK or 16 bit)",
    "too_small": "it is smaller than such marks need",
    "no_pattern": "the picture is too plain to compare",
}
