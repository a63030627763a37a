"""The stages that understand an article: a folder each, with pure logic, models and lexicons."""
