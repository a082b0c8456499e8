"""Stored colors to sRGB: profiles, inks, gray, alpha; what is done to colors alone."""
