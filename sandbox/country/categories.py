"""The categories of the invented country: options, combos and option combos."""

from itertools import product

from sandbox.country.objects import DEFAULTS, named, ref
from sandbox.state.world import Json

OPTIONS = {
    "SEX": {"SEX_M": "Male", "SEX_F": "Female"},
    "AGE": {
        "AGE_0_4": "0-4 years",
        "AGE_5_14": "5-14 years",
        "AGE_15_49": "15-49 years",
        "AGE_50P": "50 years and more",
    },
    "PLACE": {"PLACE_FIXED": "Fixed post", "PLACE_OUTREACH": "Outreach"},
}
CATEGORY_NAMES = {"SEX": "Sex", "AGE": "Age group", "PLACE": "Place of service"}
COMBOS = {
    "SEX_AGE": ("Sex and age", ("SEX", "AGE")),
    "SEX_ONLY": ("Sex only", ("SEX",)),
    "PLACE_ONLY": ("Place only", ("PLACE",)),
}


def categories() -> dict[str, list[Json]]:
    """Options, categories, combos and option combos, the default ones included."""
    made: dict[str, list[Json]] = {
        kind: [{"id": key, "code": "default", "name": "default"}] for kind, key in DEFAULTS.items()
    }
    default = {kind: listed[0] for kind, listed in made.items()}
    default["categories"]["categoryOptions"] = [{"id": DEFAULTS["categoryOptions"]}]
    default["categoryCombos"]["categories"] = [{"id": DEFAULTS["categories"]}]
    default["categoryOptionCombos"] |= {
        "categoryCombo": {"id": DEFAULTS["categoryCombos"]},
        "categoryOptions": [{"id": DEFAULTS["categoryOptions"]}],
    }
    for code, options in OPTIONS.items():
        made["categoryOptions"] += [named(*option) for option in options.items()]
        members = [ref(option) for option in options]
        made["categories"].append({**named(code, CATEGORY_NAMES[code]), "categoryOptions": members})
    for code, (name, parts) in COMBOS.items():
        made["categoryCombos"].append(
            {**named(code, name), "categories": [ref(part) for part in parts]}
        )
        made["categoryOptionCombos"] += [
            option_combo(code, chosen) for chosen in product(*(OPTIONS[part] for part in parts))
        ]
    return made


def option_combo(combo: str, options: tuple[str, ...]) -> Json:
    """The option combo of some options; its code is theirs, joined."""
    names = {code: name for listed in OPTIONS.values() for code, name in listed.items()}
    code = "COC_" + "_".join(option.partition("_")[2] for option in options)
    return {
        **named(code, ", ".join(names[option] for option in options)),
        "categoryCombo": ref(combo),
        "categoryOptions": [ref(option) for option in options],
    }
