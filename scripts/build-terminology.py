#!/usr/bin/python3
"""Builds resources/terminology/cid-4029.json: the code sets that Photodock ships.

Source: the tables of Debian's python3-pydicom 2.3.1 (MIT; pydicom/sr/_cid_dict.py and _concepts_dict.py, made from PS3.16)
plus the changes that DICOM 2024c made to CID 4029, written down below. The result is checked against counts and a hash, so
another pydicom cannot slip another list in.

    /usr/bin/python3 scripts/build-terminology.py           writes the file
    /usr/bin/python3 scripts/build-terminology.py --check   exits 1 when the committed file is not what would be written
"""

import hashlib
import json
import pathlib
import sys

from pydicom.sr import _cid_dict, _concepts_dict

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "terminology" / "cid-4029.json"

REGIONS = 4029
LATERALITY = 244
LATERALITY_WITH_MEDIAN = 245

# DICOM 2024c: old SCT code -> (new SCT code, meaning), or None where the code was dropped without a successor.
CHANGES_2024C = {
    "91456000": ("770809003", "Nail unit of finger"),
    "28274006": ("770810008", "Nail unit of thumb"),
    "63288009": ("770815003", "Nail unit of index finger"),
    "61366001": ("770816002", "Nail unit of middle finger"),
    "51596007": ("770817006", "Nail unit of ring finger"),
    "44431006": ("770818001", "Nail unit of little finger"),
    "76578001": ("770805009", "Nail unit of toe"),
    "38790000": ("770822006", "Nail unit of great toe"),
    "8770002": ("770823001", "Nail unit of second toe"),
    "1569005": ("770825008", "Nail unit of third toe"),
    "6194002": ("770821004", "Nail unit of fourth toe"),
    "22740002": ("770820003", "Nail unit of fifth toe"),
    "699891005": ("76261009", "Skin of axilla"),
    "244089006": ("314395006", "Skin of side of nose"),
    "48670002": None,  # Skin of supraorbital area
}
# Same code, new wording.
REWORDED_2024C = {("SCT", "88089004"): "Skin of lip"}

EXPECTED_COUNTS = {"SCT": 148, "DCM": 24, "FMA": 35}
# SHA-256 of the lines "SCHEME:CODE<tab>meaning<newline>" in the order written.
EXPECTED_SHA256 = "aa50ffbf36352a3d3a7bae15df45c2e3665db55990e65c6f06aced4a79ee058a"


def codes_of(cid):
    """{(scheme, code): meaning} of a context group."""
    found = {}
    for scheme, keywords in _cid_dict.cid_concepts[cid].items():
        for keyword in keywords:
            for code, (meaning, cids) in _concepts_dict.concepts[scheme][keyword].items():
                if cid in cids:
                    found[(scheme, code)] = meaning
    return found


def entries(codes):
    ordered = sorted(codes.items(), key=lambda entry: (entry[1].casefold(), entry[0]))
    return [{"scheme": scheme, "code": code, "meaning": meaning} for (scheme, code), meaning in ordered]


def build():
    regions = codes_of(REGIONS)
    retired = []
    for old, new in CHANGES_2024C.items():
        meaning = regions.pop(("SCT", old))
        if new is not None:
            regions[("SCT", new[0])] = new[1]
        replaced_by = None if new is None else {"scheme": "SCT", "code": new[0]}
        retired.append({"scheme": "SCT", "code": old, "meaning": meaning, "replacedBy": replaced_by})
    for key, meaning in REWORDED_2024C.items():
        regions.pop(key)
        regions[key] = meaning

    counts = {scheme: sum(1 for found, _ in regions if found == scheme) for scheme in EXPECTED_COUNTS}
    if counts != EXPECTED_COUNTS:
        sys.exit(f"expected {EXPECTED_COUNTS}, got {counts}")
    listed = entries(regions)
    text = "".join(f"{entry['scheme']}:{entry['code']}\t{entry['meaning']}\n" for entry in listed)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if sha256 != EXPECTED_SHA256:
        sys.exit(f"the list is another one: {sha256}")

    return {
        "about": "Built by scripts/build-terminology.py from pydicom's tables (MIT) and the changes of DICOM 2024c. Do not edit.",
        "edition": "DICOM PS3.16 2024c",
        "sha256": sha256,
        "regions": listed,
        "retired": sorted(retired, key=lambda entry: entry["meaning"].casefold()),
        "laterality": entries(codes_of(LATERALITY)),
        "lateralityWithMedian": entries(codes_of(LATERALITY_WITH_MEDIAN)),
    }


def as_text(built):
    """JSON with one code a line, so that a change shows as a line."""
    parts = []
    for key, value in built.items():
        if isinstance(value, list):
            lines = ",\n".join("    " + line(entry) for entry in value)
            parts.append(f'  "{key}": [\n{lines}\n  ]')
        else:
            parts.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def line(entry):
    inner = ", ".join(
        f'"{key}": {line(value) if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)}'
        for key, value in entry.items()
    )
    return "{ " + inner + " }"


def main():
    text = as_text(build())
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        print("cid-4029.json is as built" if same else "cid-4029.json differs from what the script builds")
        sys.exit(0 if same else 1)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
