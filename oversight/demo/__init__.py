"""A fictional organisation for demonstrations: nobody in it exists, and production refuses to load it."""
