"""The five cars as little paintings: from the side and from behind."""

from __future__ import annotations

from collections.abc import Callable

from convoylog.demo.brushes import Canvas, Colour, Points, mix

#: by car: paint
PAINT: dict[str, Colour] = {
    "The Sofa": (52, 110, 186),
    "Kumquat": (230, 128, 38),
    "Big Dolores": (196, 52, 126),
    "Gecko": (48, 128, 78),
    "Plan B": (98, 66, 158),
}

# Outlines in units of the car's length, from the rear bumper at (0, 0), up negative, nose right.
_BODY: dict[str, Points] = {
    "The Sofa": (
        (0, -.09), (.0, -.2), (.015, -.24), (.06, -.35), (.1, -.365), (.5, -.37), (.54, -.36),
        (.66, -.25), (.95, -.235), (.99, -.2), (1, -.09),
    ),
    "Kumquat": (
        (0, -.1), (.0, -.26), (.02, -.32), (.09, -.42), (.16, -.45), (.5, -.46), (.6, -.43),
        (.78, -.29), (.93, -.26), (.99, -.2), (1, -.1),
    ),
    "Big Dolores": (
        (0, -.09), (.0, -.3), (.03, -.4), (.07, -.425), (.5, -.43), (.62, -.41), (.8, -.27),
        (.94, -.24), (.99, -.19), (1, -.09),
    ),
    "Gecko": (
        (0, -.13), (.0, -.33), (.02, -.34), (.6, -.34), (.63, -.335), (.97, -.32), (.99, -.29),
        (1, -.13),
    ),
    "Plan B": (
        (0, -.12), (.0, -.26), (.02, -.27), (.44, -.27), (.45, -.3), (.47, -.4), (.5, -.42),
        (.64, -.42), (.68, -.4), (.75, -.28), (.96, -.265), (.99, -.24), (1, -.12),
    ),
}  # fmt: skip
_GLASS: dict[str, tuple[Points, ...]] = {
    "The Sofa": (
        ((.05, -.25), (.085, -.34), (.22, -.345), (.22, -.25)),
        ((.24, -.25), (.24, -.345), (.4, -.348), (.4, -.25)),
        ((.42, -.25), (.42, -.348), (.52, -.345), (.62, -.25)),
    ),
    "Kumquat": (
        ((.06, -.3), (.11, -.4), (.2, -.42), (.22, -.3)),
        ((.25, -.3), (.24, -.425), (.42, -.435), (.42, -.3)),
        ((.45, -.3), (.45, -.435), (.57, -.415), (.7, -.3)),
    ),
    "Big Dolores": (
        ((.04, -.28), (.07, -.4), (.26, -.405), (.26, -.28)),
        ((.28, -.28), (.28, -.405), (.46, -.41), (.46, -.28)),
        ((.48, -.28), (.48, -.41), (.6, -.39), (.72, -.28)),
    ),
    "Gecko": (),
    "Plan B": (((.49, -.29), (.5, -.39), (.63, -.395), (.7, -.29)),),
}  # fmt: skip
_WHEELS = {
    "The Sofa": (.2, .79, .083), "Kumquat": (.19, .8, .095), "Big Dolores": (.19, .79, .088),
    "Gecko": (.2, .8, .118), "Plan B": (.21, .81, .105),
}  # fmt: skip
_RUBBER, _DARK = (26, 25, 28), (30, 36, 46)


def side(canvas: Canvas, car: str, x: float, y: float, size: float, *, left: bool = False,
         dim: float = 0.0, gloom: Colour = (20, 20, 34), lamps: bool = False) -> None:  # fmt: skip
    """A car on the ground at y, its rear at x (its nose if it faces left). size: pixels long.

    dim: 0 in full light, 1 a silhouette of gloom.
    """

    def at(points: Points) -> list[tuple[float, float]]:
        return [(x + size * ((1 - px) if left else px), y + size * py) for px, py in points]

    def tone(colour: Colour, up: float = 0.0) -> Colour:
        lit = mix(colour, (255, 255, 255), up) if up > 0 else mix(colour, (0, 0, 0), -up)
        return mix(lit, gloom, dim)

    paint = PAINT[car]
    canvas.ellipse(
        x + size / 2,
        y + size * 0.005,
        size * 0.54,
        size * 0.035,
        (0, 0, 0),
        blur=size * 0.018,
        strength=0.5,
    )
    canvas.polygon(at(_BODY[car]), tone(paint))
    # the lower half turns away from the sky
    canvas.polygon(at(((0.0, -0.09), (0.0, -0.17), (1.0, -0.16), (1.0, -0.09))), tone(paint, -0.28))
    canvas.line(at(((0.03, -0.215), (0.97, -0.2))), tone(paint, 0.35), max(1.0, size * 0.008))
    _extras(canvas, car, at, tone, size)
    for pane in _GLASS[car]:
        canvas.polygon(at(pane), tone((58, 76, 96)))
        a, b = pane[1], pane[2]
        shine = (
            (a[0], a[1]),
            (b[0], b[1]),
            ((a[0] + b[0]) / 2, (a[1] - 0.27) / 2 - 0.02),
            (a[0], -0.31),
        )
        canvas.polygon(at(shine), tone((150, 178, 198)), strength=0.55)
    rear, front, radius = _WHEELS[car]
    for hub in (rear, front):
        ((cx, cy),) = at(((hub, -radius * 0.92),))
        canvas.ellipse(
            cx, cy - size * 0.012, size * radius * 1.16, size * radius * 1.1, tone(_DARK, -0.3)
        )
        canvas.ellipse(cx, cy, size * radius, size * radius, tone(_RUBBER))
        canvas.ellipse(cx, cy, size * radius * 0.52, size * radius * 0.52, tone((176, 176, 180)))
        canvas.ellipse(cx, cy, size * radius * 0.2, size * radius * 0.2, tone((90, 90, 96)))
    ((lx, ly),) = at(((0.975, -0.19),))
    canvas.ellipse(
        lx, ly, size * 0.016, size * 0.022, (255, 244, 208) if lamps else tone((240, 236, 214))
    )
    ((tx, ty),) = at(((0.018, -0.21),))
    canvas.ellipse(
        tx, ty, size * 0.012, size * 0.028, (255, 60, 40) if lamps else tone((190, 36, 30))
    )
    if lamps:
        canvas.glow(lx, ly, size * 0.16, (255, 226, 160), 0.8)
        canvas.glow(tx, ty, size * 0.09, (255, 60, 40), 0.7)


def _extras(
    canvas: Canvas,
    car: str,
    at: Callable[[Points], list[tuple[float, float]]],
    tone: Callable[..., Colour],
    size: float,
) -> None:
    """What makes each of them itself."""
    if car == "The Sofa":
        # the wooden flank, and a suitcase on the roof
        canvas.polygon(
            at(((0.05, -0.13), (0.05, -0.2), (0.9, -0.19), (0.9, -0.13))), tone((158, 106, 62))
        )
        canvas.line(at(((0.05, -0.165), (0.9, -0.16))), tone((118, 76, 42)), max(1.0, size * 0.005))
        canvas.polygon(
            at(((0.12, -0.37), (0.12, -0.425), (0.3, -0.425), (0.3, -0.37))), tone((134, 84, 50))
        )
        canvas.polygon(
            at(((0.31, -0.37), (0.31, -0.405), (0.43, -0.405), (0.43, -0.37))), tone((84, 92, 70))
        )
    elif car == "Big Dolores":
        canvas.polygon(
            at(((0.1, -0.43), (0.13, -0.49), (0.44, -0.49), (0.5, -0.43))), tone((58, 60, 68))
        )
    elif car == "Gecko":
        # a roll bar, a windscreen, two seats, a spare wheel
        for a, b in (((.1, -.33), (.13, -.5)), ((.13, -.5), (.36, -.5)), ((.36, -.5), (.38, -.33)),
                     ((.64, -.33), (.58, -.5))):  # fmt: skip
            canvas.line(at((a, b)), tone((34, 36, 38)), max(1.5, size * 0.02))
        canvas.polygon(
            at(((0.2, -0.33), (0.19, -0.42), (0.24, -0.43), (0.3, -0.33))), tone((96, 70, 48))
        )
        canvas.polygon(
            at(((0.44, -0.33), (0.43, -0.42), (0.48, -0.43), (0.53, -0.33))), tone((96, 70, 48))
        )
        ((cx, cy),) = at(((-0.03, -0.26),))
        canvas.ellipse(cx, cy, size * 0.035, size * 0.1, tone(_RUBBER))
    elif car == "Plan B":
        # toolbox and dog
        canvas.polygon(
            at(((0.3, -0.27), (0.3, -0.33), (0.43, -0.33), (0.43, -0.27))), tone((188, 190, 194))
        )
        canvas.polygon(
            at(((0.1, -0.27), (0.1, -0.34), (0.13, -0.36), (0.2, -0.345), (0.21, -0.27))),
            tone((140, 92, 54)),
        )
        ((cx, cy),) = at(((0.2, -0.375),))
        canvas.ellipse(cx, cy, size * 0.035, size * 0.03, tone((150, 100, 60)))
        canvas.polygon(at(((0.175, -0.39), (0.165, -0.34), (0.19, -0.36))), tone((100, 64, 36)))


def behind(canvas: Canvas, car: str, x: float, y: float, size: float, *, brake: bool = False,
           dim: float = 0.0, gloom: Colour = (20, 20, 34)) -> None:  # fmt: skip
    """A car seen from behind, standing at (x, y). size: pixels wide."""
    tall = {"The Sofa": 0.74, "Kumquat": 0.88, "Big Dolores": 0.92, "Gecko": 0.95, "Plan B": 0.86}[
        car
    ]

    def box(px: float, py: float, w: float, h: float, colour: Colour, radius: float = 0.03) -> None:
        left, top = x + size * (px - w / 2), y - size * (py + h)
        tinted = mix(colour, gloom, dim)
        canvas.box(left, top, size * w, size * h, tinted, size * radius)

    paint = PAINT[car]
    canvas.ellipse(x, y, size * 0.58, size * 0.06, (0, 0, 0), blur=size * 0.03, strength=0.55)
    for hub in (-0.37, 0.37):
        box(hub, -0.01, 0.16, 0.22, _RUBBER, 0.05)
    canvas.polygon(
        [(x + size * px, y - size * py) for px, py in
         ((-.46, .4), (-.36, tall - .03), (-.3, tall), (.3, tall), (.36, tall - .03), (.46, .4))],
        mix(paint, gloom, dim),
    )  # fmt: skip
    box(0, 0.1, 1.0, 0.36, paint, 0.07)
    box(0, 0.1, 0.98, 0.1, mix(paint, (0, 0, 0), 0.35), 0.04)
    canvas.polygon(
        [(x + size * px, y - size * py) for px, py in
         ((-.37, .46), (-.3, tall - .06), (.3, tall - .06), (.37, .46))],
        mix((54, 70, 88), gloom, dim),
    )  # fmt: skip
    canvas.polygon(
        [(x + size * px, y - size * py) for px, py in
         ((-.3, .5), (-.26, tall - .07), (.1, tall - .07), (-.1, .5))],
        mix((142, 166, 186), gloom, dim), strength=.5,
    )  # fmt: skip
    box(0, 0.07, 1.02, 0.06, (170, 170, 174), 0.03)
    box(0, 0.2, 0.26, 0.09, (238, 234, 216), 0.01)
    for lamp in (-0.42, 0.42):
        box(lamp, 0.26, 0.1, 0.13, (255, 52, 36) if brake else (178, 34, 28), 0.02)
        if brake:
            canvas.glow(x + size * lamp, y - size * 0.32, size * 0.3, (255, 50, 30), 0.9)
    if car == "The Sofa":
        box(-0.1, tall - 0.01, 0.4, 0.12, (134, 84, 50), 0.03)
        box(0.22, tall - 0.01, 0.2, 0.08, (84, 92, 70), 0.03)
