"""Names for a country that is nowhere: regions, districts and facilities of Ondara."""

from collections.abc import Iterator

COUNTRY = "Ondara"

REGIONS = {
    "Kelvane": ("Amblé", "Brisso", "Corvandel"),
    "Haute-Sorème": ("Danu", "Estrelle-sur-Lo", "Fenn"),
    "N'Valo": ("Gor'ama", "Hulde", "Istrane"),
    "Tessimar": ("Jorvane", "Kimbélo", "Lunde"),
}

PLACES = (
    *("Arvène", "Bela", "Cormo", "Dovri", "Élune", "Farro", "Gimble", "Harsa", "Ilmo", "Jessa"),
    *("Korbé", "Lumo", "Marisse", "Nodra", "Orlo", "Pellan", "Quira", "Rosso", "Sandé", "Tolva"),
    *("Umbra", "Vélis", "Wenda", "Xanto", "Yorre", "Zamba", "Ashmo", "Brelle", "Cindo", "Drava"),
)

KINDS = (
    *("{} Health Centre", "{} Clinic", "Centre de santé {}", "{} Hospital", "Poste de {}"),
    *("{} Maternity", "Clinic of {}", "{} Dispensary", "St {} Mission", "{} Health Post"),
)

ODD_NAMES = (
    'Clinic "Good Hope", {}',
    "Hôpital São {} (annexe)",
    "L'Étoile de {}",
    "{} & Daughters, Midwives",
)

ODD_EVERY = 31


def facility_names() -> Iterator[str]:
    """Facility names without end, none twice; now and then one that is hard on a parser."""
    number = 0
    while True:
        place = PLACES[number % len(PLACES)]
        kind = KINDS[(number // len(PLACES) + number) % len(KINDS)]
        if number % ODD_EVERY == ODD_EVERY - 1:
            kind = ODD_NAMES[number // ODD_EVERY % len(ODD_NAMES)]
        yield kind.format(place)
        number += 1
