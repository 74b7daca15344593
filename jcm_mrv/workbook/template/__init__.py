"""The blank monitoring workbook: sheets, headings, comments, drop-downs and the guide, written from the schema.

What a methodology asks for is handed in (:class:`TemplateMethod`); this room knows no methodology.
"""
