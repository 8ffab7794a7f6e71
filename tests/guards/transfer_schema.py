"""The JSON Schema of transfer.toml, for editors: `make format` writes it, a test keeps it fresh."""

import json
from pathlib import Path

from pipeline.config.sections import Transfer

PATH = Path(__file__).parents[2] / "schemas" / "transfer.schema.json"


def schema_text() -> str:
    """Give what the file must hold."""
    return json.dumps(Transfer.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")
