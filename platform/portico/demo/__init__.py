"""What `make demo` needs beyond the site itself."""
