"""What the numbers of devices mean as colors: by an ICC profile, or of inks without one."""
