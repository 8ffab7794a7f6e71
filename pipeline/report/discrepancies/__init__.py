"""What do people read about discrepancies? A page, a workbook and a CSV."""
