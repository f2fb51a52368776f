"""Pages where a school, a region or a partner has other systems told of what happens."""
