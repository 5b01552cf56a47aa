"""Marks that generators and cameras leave in a file. Every prompt names landscapes only."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_PROMPTS = (
    "hills at dusk, soft light, wide view",
    "a lake between mountains, morning mist",
    "desert dunes under a clear sky",
    "a rocky coast, long waves, overcast",
    "fields in autumn, low sun",
)
_SOFTWARE, _MAKE, _MODEL, _DATE_TIME = 0x0131, 0x010F, 0x0110, 0x0132
_EXIF_BLOCK = 0x8769
_EXPOSURE, _APERTURE, _ISO, _TAKEN, _FOCAL_LENGTH = 0x829A, 0x829D, 0x8827, 0x9003, 0x920A
_USER_COMMENT = 0x9286
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Labels:
    """Metadata to write beside the pixels: PNG text, an XMP packet and EXIF."""

    text: dict[str, str]
    xmp: bytes
    exif: bytes

    def options(self, format_: str) -> dict[str, Any]:
        """As the options of Pillow's `save` for a format; GIF carries none."""
        if format_ == "gif":
            return {}
        named: dict[str, Any] = {"exif": self.exif} if self.exif else {}
        if format_ != "png":
            return named | ({"xmp": self.xmp} if self.xmp else {})
        info = PngImagePlugin.PngInfo()
        for key, value in self.text.items():
            info.add_text(key, value)
        if self.xmp:
            info.add_itxt("XML:com.adobe.xmp", self.xmp.decode())
        return named | {"pnginfo": info}


def labels(marks: tuple[str, ...], format_: str, rng: np.random.Generator, orientation: int = 1) -> Labels:
    """The metadata for some marks; what PNG keeps as text other formats keep as an EXIF comment.

    C2PA is not among it: it is signed over the finished file (`credentials`).
    """
    text: dict[str, str] = {}
    exif = Image.Exif()
    if orientation != 1:
        exif[_ORIENTATION] = orientation
    if "camera_exif" in marks:
        _add_camera(exif, rng)
    if "generator_text" in marks:
        _add_generator(text, exif, format_, rng)
    if "comfyui_graph" in marks:
        text |= _comfyui(rng)
    if "invokeai_img2img" in marks:
        text["invokeai_metadata"] = _invokeai(rng)
    filled = len(exif) or exif.get_ifd(_EXIF_BLOCK)
    return Labels(text, _xmp(marks), exif.tobytes() if filled else b"")


def _prompt(rng: np.random.Generator) -> str:
    return _PROMPTS[int(rng.integers(len(_PROMPTS)))]


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 1 << 32))


def _add_generator(text: dict[str, str], exif: Image.Exif, format_: str, rng: np.random.Generator) -> None:
    """The `parameters` text of the common web user interface."""
    settings = f"Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: {_seed(rng)}, Model: practice-landscapes"
    words = f"{_prompt(rng)}\nNegative prompt: blurry\n{settings}"
    if format_ == "png":
        text["parameters"] = words
    else:
        exif.get_ifd(_EXIF_BLOCK)[_USER_COMMENT] = b"UNICODE\0" + words.encode("utf-16-be")


def _comfyui(rng: np.random.Generator) -> dict[str, str]:
    """A text-to-image graph, as nodes to run and as nodes to show."""
    model, latent, sampler = ["1", 0], ["4", 0], ["5", 0]
    inputs: list[tuple[str, dict[str, Any]]] = [
        ("CheckpointLoaderSimple", {"ckpt_name": "practice-landscapes.safetensors"}),
        ("CLIPTextEncode", {"text": _prompt(rng), "clip": ["1", 1]}),
        ("CLIPTextEncode", {"text": "blurry", "clip": ["1", 1]}),
        ("EmptyLatentImage", {"width": 512, "height": 768, "batch_size": 1}),
        ("KSampler", {"seed": _seed(rng), "steps": 20, "model": model, "latent_image": latent}),
        ("VAEDecode", {"samples": sampler, "vae": ["1", 2]}),
        ("SaveImage", {"filename_prefix": "practice", "images": ["6", 0]}),
    ]
    prompt = {str(i): {"class_type": kind, "inputs": values} for i, (kind, values) in enumerate(inputs, 1)}
    nodes = [{"id": i, "type": kind} for i, (kind, _) in enumerate(inputs, 1)]
    workflow = {"last_node_id": len(nodes), "nodes": nodes, "links": [], "version": 0.4}
    return {"prompt": json.dumps(prompt), "workflow": json.dumps(workflow)}


def _invokeai(rng: np.random.Generator) -> str:
    """Made from an input picture: `generation_mode` says so."""
    return json.dumps(
        {
            "app_version": "4.2.0",
            "generation_mode": "img2img",
            "positive_prompt": _prompt(rng),
            "seed": _seed(rng),
            "strength": 0.6,
        }
    )


def _xmp(marks: tuple[str, ...]) -> bytes:
    """An XMP packet with the IPTC digital source type, if a mark asks for one."""
    if "xmp_trained" in marks:
        kind = "trainedAlgorithmicMedia"
    elif "xmp_composite" in marks:
        kind = "compositeWithTrainedAlgorithmicMedia"
    else:
        return b""
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPES}{kind}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return packet.encode()


def _add_camera(exif: Image.Exif, rng: np.random.Generator) -> None:
    taken = f"2023:{int(rng.integers(1, 13)):02}:{int(rng.integers(1, 29)):02} 12:00:00"
    exif[_MAKE], exif[_MODEL], exif[_DATE_TIME] = "PRACTICE Camera Works", "PCW-1", taken
    exif[_SOFTWARE] = "PCW firmware 1.0"
    block = exif.get_ifd(_EXIF_BLOCK)
    block[_EXPOSURE], block[_APERTURE], block[_FOCAL_LENGTH] = 1 / 250, 2.8, 35.0
    block[_ISO], block[_TAKEN] = int(rng.choice([100, 200, 400])), taken
