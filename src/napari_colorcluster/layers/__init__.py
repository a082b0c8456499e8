"""The napari side: layers in, layers out. The only room that turns a clustering into layers."""
