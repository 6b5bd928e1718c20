"""The five cars as little paintings: from the side and from behind."""

from __future__ import annotations

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
        ((.06, -.3), (.11, -.4), (.2, -.42), (.22, -.3)), ((.25, -.3), (.24, -.425), (.42, -.435), (.42, -.3)),
        ((.45, -.3), (.45, -.435), (.57, -.415), (.7, -.3)),
    ),
    "Big Dolores": (
        ((.04, -.28), (.07, -.4), (.26, -.405), (.26, -.28)), ((.28, -.28), (.28, -.405), (.46, -.41), (.46, -.28)),
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
    canvas.ellipse(x + size / 2, y + size * .005, size * .54, size * .035, (0, 0, 0),
                   blur=size * .018, strength=0.5)  # fmt: skip
    canvas.polygon(at(_BODY[car]), tone(paint))
    # the lower half turns away from the sky
    canvas.polygon(at(((.0, -.09), (.0, -.17), (1., -.16), (1., -.09))), tone(paint, -0.28))
    canvas.line(at(((.03, -.215), (.97, -.2))), tone(paint, 0.35), max(1.0, size * .008))
    _extras(canvas, car, at, tone, size)
    for pane in _GLASS[car]:
        canvas.polygon(at(pane), tone((58, 76, 96)))
        a, b = pane[1], pane[2]
        shine = ((a[0], a[1]), (b[0], b[1]), ((a[0] + b[0]) / 2, (a[1] - .27) / 2 - .02), (a[0], -.31))
        canvas.polygon(at(shine), tone((150, 178, 198)), strength=0.55)
    rear, front, radius = _WHEELS[car]
    for hub in (rear, front):
        (cx, cy), = at(((hub, -radius * .92),))
        canvas.ellipse(cx, cy - size * .012, size * radius * 1.16, size * radius * 1.1, tone(_DARK, -0.3))
        canvas.ellipse(cx, cy, size * radius, size * radius, tone(_RUBBER))
        canvas.ellipse(cx, cy, size * radius * .52, size * radius * .52, tone((176, 176, 180)))
        canvas.ellipse(cx, cy, size * radius * .2, size * radius * .2, tone((90, 90, 96)))
    (lx, ly), = at(((.975, -.19),))
    canvas.ellipse(lx, ly, size * .016, size * .022, (255, 244, 208) if lamps else tone((240, 236, 214)))
    (tx, ty), = at(((.018, -.21),))
    canvas.ellipse(tx, ty, size * .012, size * .028, (255, 60, 40) if lamps else tone((190, 36, 30)))
    if lamps:
        canvas.glow(lx, ly, size * .16, (255, 226, 160), 0.8)
        canvas.glow(tx, ty, size * .09, (255, 60, 40), 0.7)


def _extras(canvas, car, at, tone, size) -> None:  # type: ignore[no-untyped-def]
    """What makes each of them itself."""
    if car == "The Sofa":
        # the wooden flank, and a suitcase on the roof
        canvas.polygon(at(((.05, -.13), (.05, -.2), (.9, -.19), (.9, -.13))), tone((158, 106, 62)))
        canvas.line(at(((.05, -.165), (.9, -.16))), tone((118, 76, 42)), max(1.0, size * .005))
        canvas.polygon(at(((.12, -.37), (.12, -.425), (.3, -.425), (.3, -.37))), tone((134, 84, 50)))
        canvas.polygon(at(((.31, -.37), (.31, -.405), (.43, -.405), (.43, -.37))), tone((84, 92, 70)))
    elif car == "Big Dolores":
        canvas.polygon(at(((.1, -.43), (.13, -.49), (.44, -.49), (.5, -.43))), tone((58, 60, 68)))
    elif car == "Gecko":
        # a roll bar, a windscreen, two seats, a spare wheel
        for a, b in (((.1, -.33), (.13, -.5)), ((.13, -.5), (.36, -.5)), ((.36, -.5), (.38, -.33)),
                     ((.64, -.33), (.58, -.5))):  # fmt: skip
            canvas.line(at((a, b)), tone((34, 36, 38)), max(1.5, size * .02))
        canvas.polygon(at(((.2, -.33), (.19, -.42), (.24, -.43), (.3, -.33))), tone((96, 70, 48)))
        canvas.polygon(at(((.44, -.33), (.43, -.42), (.48, -.43), (.53, -.33))), tone((96, 70, 48)))
        (cx, cy), = at(((-.03, -.26),))
        canvas.ellipse(cx, cy, size * .035, size * .1, tone(_RUBBER))
    elif car == "Plan B":
        # toolbox and dog
        canvas.polygon(at(((.3, -.27), (.3, -.33), (.43, -.33), (.43, -.27))), tone((188, 190, 194)))
        canvas.polygon(at(((.1, -.27), (.1, -.34), (.13, -.36), (.2, -.345), (.21, -.27))), tone((140, 92, 54)))
        (cx, cy), = at(((.2, -.375),))
        canvas.ellipse(cx, cy, size * .035, size * .03, tone((150, 100, 60)))
        canvas.polygon(at(((.175, -.39), (.165, -.34), (.19, -.36))), tone((100, 64, 36)))


def behind(canvas: Canvas, car: str, x: float, y: float, size: float, *, brake: bool = False,
           dim: float = 0.0, gloom: Colour = (20, 20, 34)) -> None:  # fmt: skip
    """A car seen from behind, standing at (x, y). size: pixels wide."""
    tall = {"The Sofa": .74, "Kumquat": .88, "Big Dolores": .92, "Gecko": .95, "Plan B": .86}[car]

    def box(px: float, py: float, w: float, h: float, colour: Colour, radius: float = .03) -> None:
        left, top = x + size * (px - w / 2), y - size * (py + h)
        canvas.shape(
            (left, top, left + size * w, top + size * h), mix(colour, gloom, dim),
            lambda pen: pen.box(left, top, size * w, size * h, size * radius),
        )  # fmt: skip

    paint = PAINT[car]
    canvas.ellipse(x, y, size * .58, size * .06, (0, 0, 0), blur=size * .03, strength=0.55)
    for hub in (-.37, .37):
        box(hub, -.01, .16, .22, _RUBBER, .05)
    canvas.polygon(
        [(x + size * px, y - size * py) for px, py in
         ((-.46, .4), (-.36, tall - .03), (-.3, tall), (.3, tall), (.36, tall - .03), (.46, .4))],
        mix(paint, gloom, dim),
    )  # fmt: skip
    box(0, .1, 1.0, .36, paint, .07)
    box(0, .1, .98, .1, mix(paint, (0, 0, 0), .35), .04)
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
    box(0, .07, 1.02, .06, (170, 170, 174), .03)
    box(0, .2, .26, .09, (238, 234, 216), .01)
    for lamp in (-.42, .42):
        box(lamp, .26, .1, .13, (255, 52, 36) if brake else (178, 34, 28), .02)
        if brake:
            canvas.glow(x + size * lamp, y - size * .32, size * .3, (255, 50, 30), 0.9)
    if car == "The Sofa":
        box(-.1, tall - .01, .4, .12, (134, 84, 50), .03)
        box(.22, tall - .01, .2, .08, (84, 92, 70), .03)
