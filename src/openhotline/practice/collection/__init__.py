"""The practice collection: generated pictures of shapes and landscapes, and the truth about them.

`generate` fills a folder with

- `files/012/012345.jpg`: the files, a thousand numbers to a folder;
- `manifest.jsonl`: a line a file found, with `file, number, page, bytes, sha256`;
- `truth.jsonl`: a line a file with what is true of it; only scripted analysts read it;
- `legend.json`: what each glyph stands for;
- `known.jsonl`, `known_harmless.jsonl`: lists that earlier work left behind;
- `practice-root.pem`: the certificate above the practice signer of content credentials;
- `collection.json`: what the folder is for, so that a second call continues.

`structure.toml` says how many there are of each kind, and why.
"""

from openhotline.practice.collection.generation import generate

__all__ = ["generate"]
