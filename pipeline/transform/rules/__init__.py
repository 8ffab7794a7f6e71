"""How is a row mapped, merged and judged?"""
