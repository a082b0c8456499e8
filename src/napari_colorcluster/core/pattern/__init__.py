"""How clusters lie beside each other in an image of labels."""
