"""One file a group of resources. Views check who and what, then call the pages' own actions."""
