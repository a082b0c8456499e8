"""The methods and color spaces, as the library lists them."""

from dataclasses import fields

from from_code.markdown import MarkdownDirective, code, table
from napari_colorcluster import COLOR_SPACES, METHODS


class MethodTable(MarkdownDirective):
    """A row for each method."""

    def markdown(self) -> str:
        rows = (
            [
                f"[{method.title}](#{name}-method)",
                code(f'"{name}"'),
                "found" if method().finds_n_clusters else "given",
                method.__doc__.partition("\n")[0],
            ]
            for name, method in METHODS.items()
        )
        return table(["in the panel", "in code", "k is", "what it does"], rows)


class MethodList(MarkdownDirective):
    """What each method minimizes and costs, and its options."""

    def markdown(self) -> str:
        return "\n\n".join(_described(name) for name in METHODS)


def _described(name: str) -> str:
    method = METHODS[name]
    path = f"{method.__module__}.{method.__qualname__}"
    options = table(
        ["in the panel", "in code", "default", "what it does"],
        (
            [
                each.metadata["label"],
                code(each.name),
                code(repr(each.default)),
                each.metadata["tooltip"],
            ]
            for each in fields(method)
        ),
    )
    return "\n\n".join(
        [
            f"({name}-method)=\n### {method.title}",
            f"```{{eval-rst}}\n.. autoclass:: {path}\n   :no-index:\n```",
            options if fields(method) else "",
        ]
    )


class ColorSpaceTable(MarkdownDirective):
    """A row for each color space."""

    def markdown(self) -> str:
        rows = (
            [
                space.title,
                code(f'"{name}"'),
                ", ".join(space.axes),
                space.axes[space.lightness_axis] if space.lightness_axis is not None else "",
                ", ".join(map(code, space.options)),
            ]
            for name, space in COLOR_SPACES.items()
        )
        return table(["in the panel", "in code", "axes", "lightness", "options"], rows)
