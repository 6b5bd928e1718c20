"""What the people of the demo wrote down, took pictures of and paid for. All of it is invented.

When: day, a place of that day's drive ("start" and "end" too) and minutes after coming there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from convoylog.model.logbook import Share

Kind = Literal["note", "fuel", "expense", "odometer", "leg", "rendezvous"]
When = tuple[int, str, float]


@dataclass(frozen=True, slots=True)
class Tale:
    """A note before its instant is worked out. reads: tell the odometer as it stands there."""

    car: str
    key: str
    when: When
    text: str = ""
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    reply_to: str = ""
    share: Share | None = None
    kind: Kind = "note"
    title: str = ""
    until: When | None = None
    amount: str = ""
    cost: str = ""
    reads: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo before it is drawn. scene: a name in `pictures.SCENES`. minutes run as in `Tale`."""

    car: str
    file_name: str
    scene: str
    when: When


SHOTS = (
    Shot("The Sofa", "HLB_0418.JPG", "lake_dawn", (1, "start", -9)),
    Shot("The Sofa", "HLB_0421.JPG", "corn_and_sky", (1, "Grinnell", 12)),
    Shot("The Sofa", "HLB_0433.JPG", "odometer", (2, "Grand Island", 1.5)),
    Shot("The Sofa", "HLB_0440.JPG", "barbecue", (3, "barbecue", 35)),
    Shot("Kumquat", "Q0018.JPG", "diner_sign", (1, "diner", 150)),
    Shot("Kumquat", "Q0023.JPG", "two_on_the_interstate", (2, "Gothenburg", 2)),
    Shot("Kumquat", "Q0041.JPG", "rain_on_windscreen", (4, "Copper Mountain", -1.5)),
    Shot("Big Dolores", "TERN0097.JPG", "windmill_and_storm", (1, "Childress", 14)),
    Shot("Big Dolores", "TERN0101.JPG", "crayon_convoy", (2, "end", 90)),
    Shot("Big Dolores", "TERN0119.JPG", "pie", (4, "Fairplay", 22)),
    Shot("Gecko", "KF2_3307.JPG", "mesas_at_sunset", (1, "Tsegi", 118)),
    Shot("Gecko", "KF2_3329.JPG", "snow_pass", (2, "Wolf Creek Pass", 12)),
    Shot("Gecko", "KF2_3351.JPG", "five_cars_and_mountains", (4, "start", -12)),
    Shot("Gecko", "KF2_3368.JPG", "rainbow_over_the_park", (4, "Fairplay", 95)),
    Shot("Plan B", "OPTX0001.JPG", "night_road", (1, "Snowville", 1)),
    Shot("Plan B", "OPTX0004.JPG", "wind_and_antelope", (2, "Arlington", 5)),
    Shot("The Sofa", "HLB_0452.JPG", "city_at_dusk", (4, "end", 70)),
)

TALES = (
    # ------------------------------------------------------------------ Thursday
    Tale(
        "The Sofa", "sofa-dawn", (1, "start", -7),
        "Thermos, map, second thermos. Walt has polished the hood ornament, which makes us at "
        "least two miles an hour faster. The lake came along as far as the end of our street.",
        ("start",), ("HLB_0418.JPG",),
    ),
    Tale("The Sofa", "sofa-odo-start", (1, "start", -3), kind="odometer", reads=True,
         text="Walt says to write it down. He won't say why."),
    Tale(
        "Gecko", "gecko-start", (1, "start", 2),
        "04:50, 31 degrees Celsius, no wind. The Gecko has no air conditioning; it has windows. "
        "The plan is to reach shade before the shade does.",
        ("start",),
    ),
    Tale(
        "Gecko", "gecko-nap", (1, "Flagstaff", 40),
        "Pines. I sleep through the white hours under one of them, feet out of the window. "
        "A man asked my feet whether everything was all right. They said yes.",
    ),
    Tale(
        "Big Dolores", "dolores-start", (1, "Decatur", 4),
        "ZURI (9) IS THE WRITER OF THIS CAR. Mum drives, Dad navigates, Kit is six and in charge "
        "of snacks. We have been driving for one hour and there are no snacks.",
        ("start",),
    ),
    Tale("Big Dolores", "dolores-fuel-1", (1, "Wichita Falls", 6), kind="fuel", amount="14.2 gal",
         cost="41.04 USD", reads=True, text="Ada: first tank. Kit washed one headlight, the left."),
    Tale(
        "Big Dolores", "dolores-storm", (1, "Childress", 15),
        "Dad says that cloud is forty miles away. Kit says it is looking at us. I counted "
        "windmills, 61, but some may have been the same one.",
        ("weather",), ("TERN0097.JPG",),
    ),
    Tale(
        "The Sofa", "sofa-trolls", (1, "Mount Horeb", 8),
        "Wooden trolls all along the main street. Walt stood next to one and asked me to guess.",
    ),
    Tale(
        "The Sofa", "sofa-corn", (1, "Grinnell", 14),
        "Egg sandwiches with a view of the rest of Iowa. W: *corn 1, other 0.*",
        ("lunch",), ("HLB_0421.JPG",),
    ),
    Tale(
        "Kumquat", "kumquat-late", (1, "start", 1),
        "so the plan was nine. then teddy's exam had a part two. then we could not find the car. "
        "it was where we left it. **we are now doing this!!**",
        ("start",),
    ),
    Tale("Kumquat", "kumquat-fuel-1", (1, "Clear Lake", 5), kind="fuel", amount="8.1 gal",
         cost="23.97 USD", reads=True, text="mai pumps, teddy does the window, badly"),
    Tale(
        "The Sofa", "sofa-waiting", (1, "end", 95),
        "Des Moines. We have the booth by the window and have had it since four o'clock. The "
        "waitress calls us \"the reservation\".",
    ),
    Tale("Kumquat", "diner", (1, "diner", 0), kind="rendezvous", title="The booth by the window",
         text="FOUND THEM. two people our grandparents' age with a road atlas under glass, and "
         "pie already ordered for four. i love them. two cars!!"),
    Tale(
        "The Sofa", "sofa-diner-reply", (1, "diner", 38),
        "For the record: the pie was ordered for two. Four is simply how many slices there were.",
        reply_to="diner",
    ),
    Tale(
        "Kumquat", "kumquat-neon", (1, "diner", 151),
        "closing time. walt paid while we were in the bathroom. we will get him back. we have "
        "three days and almost forty dollars.",
        ("food",), ("Q0018.JPG",),
    ),
    Tale(
        "Gecko", "gecko-mesas", (1, "Tsegi", 120),
        "Two hours for eleven seconds of red. Worth it. For the record: I set this camera to the "
        "wrist, and photographed the phone beside it; the wrist is 3 min 40 s slow.",
        ("light",), ("KF2_3307.JPG",),
    ),
    Tale(
        "Gecko", "gecko-clocks", (1, "end", 25),
        "Motel. The desk clock says an hour more than my wrist and I have crossed nothing but a "
        "cattle grid. Arizona keeps its time; the Navajo Nation keeps summer.",
        ("time",),
    ),
    Tale("Gecko", "gecko-private", (1, "end", 55),
         "Six years since I drove this with Samir. He would have stopped at every single rock.",
         share="private"),
    Tale(
        "Plan B", "planb-start", (1, "start", 3),
        "Closed the shop at 5:45. Sign says BACK WEDNESDAY. Aboard: tools, coffee, dog. The dog "
        "is Gasket. She leaks.",
        ("start",),
    ),
    Tale(
        "Plan B", "planb-night", (1, "Snowville", 2),
        "Nobody out here but stars. Camera's clock is off, I set it once in 2019. Don't believe "
        "its times. Believe mine.",
        ("time",), ("OPTX0001.JPG",),
    ),
    # ------------------------------------------------------------------ Friday
    Tale(
        "The Sofa", "sofa-rules", (2, "start", -4),
        "Convoy rules, agreed over waffles: the young lead, nobody passes anybody, two blinks "
        "means bathroom.",
        ("rules",),
    ),
    Tale(
        "Kumquat", "kumquat-smile", (2, "Adair", 6),
        "the water tower here is a smiley. teddy smiled back for eleven miles. it's getting weird.",
    ),
    Tale("Kumquat", "kumquat-lunch", (2, "Lincoln", 30), kind="expense", title="Runza for four",
         cost="38.60 USD", tags=("food",),
         text="WE PAID. walt was in the bathroom. we have one dollar forty and our honor."),
    Tale(
        "Kumquat", "kumquat-passed", (2, "Grand Island", 4),
        "WHAT. the sofa just *overtook* us?? eighty miles an hour, both of them waving, ingrid "
        "holding a camera at the dashboard. there were RULES",
        ("overtaking",),
    ),
    Tale("The Sofa", "sofa-rollover", (2, "Grand Island", 2), kind="odometer", reads=True,
         photos=("HLB_0433.JPG",), tags=("overtaking",),
         text="Five nines, and then five noughts. The Sofa is a new car. Walt wished to arrive at "
         "nought in front."),
    Tale(
        "The Sofa", "sofa-passed-reply", (2, "Kearney", 9),
        "The rules bind cars with mileage. At the time in question we had none.",
        reply_to="kumquat-passed",
    ),
    Tale(
        "Kumquat", "kumquat-platte", (2, "Gothenburg", 3),
        "ok following at a respectful distance. nebraska is mostly sky and they've done it well.",
        ("light",), ("Q0023.JPG",),
    ),
    Tale(
        "The Sofa", "sofa-squeal", (2, "end", 20),
        "North Platte. The new car has begun to squeal when cold, also when warm. Walt has turned "
        "up the radio. Is anyone listening who knows about belts?",
        ("trouble",),
    ),
    Tale(
        "Plan B", "planb-belt", (2, "end", 135),
        "Serpentine's an '89 thing, yours is a V. I have three in the truck. Meet me in Sterling "
        "tomorrow, grocery lot, ten o'clock Mountain. Don't let Walt spray anything on it.",
        ("trouble",), reply_to="sofa-squeal",
    ),
    Tale(
        "The Sofa", "sofa-sprayed", (2, "end", 205),
        "Too late. It smells of lemons now.",
        reply_to="planb-belt",
    ),
    Tale(
        "Plan B", "planb-wyoming", (2, "Arlington", 6),
        "Wind took the door out of my hand and then gave it back. Antelope leaning on it. Gasket "
        "wants out, then sees Wyoming, then wants in.",
        ("weather",), ("OPTX0004.JPG",),
    ),
    Tale("Plan B", "planb-fuel", (2, "Rawlins", 8), kind="fuel", amount="22.6 gal",
         cost="71.90 USD", reads=True, text="She drinks. So would you."),
    Tale(
        "Big Dolores", "dolores-volcano", (2, "Capulin", 30),
        "WE WALKED INTO A VOLCANO. It is off. Kit asked the ranger where the switch is and the "
        "ranger said he would like to know that too.",
        ("kids",),
    ),
    Tale("Big Dolores", "dolores-fuel-2", (2, "Raton", 6), kind="fuel", amount="19.1 gal",
         cost="57.11 USD", reads=True, text="Ada: full again. Ben says the pass will be worth it."),
    Tale(
        "Big Dolores", "dolores-crayon", (2, "end", 93),
        "Kit drew all of us so the other cars know what to look for. The one with smoke is "
        "Mr. Dell. The sun is smiling because it is on our side. That brown thing is Gasket.",
        ("kids",), ("TERN0101.JPG",),
    ),
    Tale(
        "Plan B", "planb-crayon-reply", (2, "end", 260),
        "Good likeness. Gasket's had it read to her twice. Tell Kit the smoke is steam.",
        reply_to="dolores-crayon",
    ),
    Tale("Big Dolores", "dolores-private", (2, "end", 160),
         "Ben: the motel took the other card. Not telling the kids, not the convoy. Monday.",
         share="private", tags=("money",)),
    Tale(
        "Gecko", "gecko-corners", (2, "Four Corners", 20),
        "Four states meet on a brass disc. A girl lay across it, a limb in each, and asked her "
        "father what time it was. He thought about it for a good while.",
        ("time",),
    ),
    Tale(
        "Gecko", "gecko-pass", (2, "Wolf Creek Pass", 14),
        "3,300 metres, snow in the gullies, a warm engine ticking. Downhill in third. The Gecko "
        "was built for none of this and does it anyway.",
        ("mountains",), ("KF2_3329.JPG",),
    ),
    # ------------------------------------------------------------------ Saturday
    Tale("Gecko", "walsenburg", (3, "Walsenburg", 6), kind="rendezvous",
         title="Walsenburg, two eggs",
         text="A magenta van full of people shouting my name. I have never met any of them."),
    Tale(
        "Big Dolores", "dolores-gecko", (3, "Walsenburg", 24),
        "Noor's car has no roof and no snacks so we gave her snacks. She let me press the camera "
        "ONCE. It goes *clop*.",
        ("kids",), reply_to="walsenburg",
    ),
    Tale(
        "Kumquat", "kumquat-recorder", (3, "Ogallala", 3),
        "forgot to switch on the recorder again, so if you look at our line: no, we did not "
        "materialize in a field.",
    ),
    Tale("Plan B", "sterling", (3, "Sterling", 12), kind="rendezvous",
         title="Belt change, Sterling",
         text="Nine minutes, one belt, one knuckle. Old one smelled like a cake. Walt held the "
         "lamp in full sunlight. Three cars."),
    Tale("The Sofa", "sofa-belt-cost", (3, "Sterling", 40), kind="expense", title="One V-belt",
         cost="0.00 USD", reply_to="sterling",
         text="He will not take money. I have put a jar of rhubarb jam under his seat, where the "
         "dog found it."),
    Tale(
        "Plan B", "planb-jam", (3, "Fort Morgan", 5),
        "Explains the dog.",
        reply_to="sofa-belt-cost",
    ),
    Tale(
        "Big Dolores", "dolores-mountains", (3, "Monument", 1),
        "MOUNTAINS!!! They were behind Pueblo the whole time. Mum cried a bit and said it was the "
        "sunscreen.",
        ("mountains",),
    ),
    Tale("The Sofa", "barbecue", (3, "barbecue", 5), kind="rendezvous",
         title="Five cars, one grill", tags=("barbecue",),
         text="City Park, Denver. Five cars in a row in the order of the numbers on their doors, "
         "which was Zuri's doing. Four kinds of potato salad. "
         "Nobody had met more than two of the others."),
    Tale(
        "The Sofa", "sofa-smoke", (3, "barbecue", 37),
        "Dell grills like he repairs: says nothing, listens to it, nods. "
        "W: *I held the lamp again.*",
        ("barbecue",), ("HLB_0440.JPG",), reply_to="barbecue",
    ),
    Tale(
        "Kumquat", "kumquat-toast", (3, "barbecue", 71),
        "ten people and a dog, four thousand miles between us and nobody needed the internet for "
        "any of it. mai made a toast. it was \"to belts\".",
        ("barbecue",), reply_to="barbecue",
    ),
    # ------------------------------------------------------------------ Sunday
    Tale(
        "Gecko", "gecko-lineup", (4, "start", -10),
        "Sunday, the longest day. Dell leads, the van, the Sofa, me, and last the students, who "
        "promise to keep up. I asked everyone to stand still. The mountains did best.",
        ("mountains",), ("KF2_3351.JPG",),
    ),
    Tale(
        "Big Dolores", "dolores-fathers-day", (4, "Georgetown", 12),
        "It's Father's Day! We gave Dad the good seat and a rock. Dell got a rock too, for "
        "Gasket's father.",
        ("kids",),
    ),
    Tale(
        "Plan B", "planb-tunnel", (4, "Silverthorne", 2),
        "Tunnel. A mile and a half of no sky. On the other side all of the sky at once, and wet.",
        ("weather",),
    ),
    Tale(
        "Kumquat", "kumquat-lost", (4, "Copper Mountain", 2),
        "can't see much but we're right behind dolores. her brake lights are very comforting.",
        ("rain", "lost"), ("Q0041.JPG",),
    ),
    Tale("Kumquat", "kumquat-long-way", (4, "Frisco", 12), kind="leg",
         title="The wrong magenta van", until=(4, "Fairplay", 0)),
    Tale(
        "Big Dolores", "dolores-not-us", (4, "Breckenridge", 7),
        "We are in Breckenridge. There is nobody behind Noor. WHOSE BRAKE LIGHTS???",
        ("lost",), reply_to="kumquat-lost",
    ),
    Tale(
        "Kumquat", "kumquat-kansas", (4, "Leadville", 4),
        "update: it was a van from kansas. we followed it over a 3,450 m pass and into a car wash. "
        "they were so nice about it. they gave us a map and a banana.",
        ("lost",),
    ),
    Tale(
        "Plan B", "planb-come-round", (4, "Hoosier Pass", 3),
        "Don't turn back. Stay on 24 to Buena Vista, left on 285, we'll be at the end of it. "
        "Fairplay. There's pie. Drive like the dog's asleep.",
        ("lost",), reply_to="kumquat-kansas",
    ),
    Tale(
        "Big Dolores", "dolores-pie", (4, "Fairplay", 24),
        "We are saving them a slice. It is getting smaller. I am only reporting.",
        ("food", "kids"), ("TERN0119.JPG",),
    ),
    Tale("Kumquat", "fairplay", (4, "found", 3), kind="rendezvous", title="Found, with banana",
         tags=("lost",), reply_to="dolores-not-us",
         text="there they were, four cars in the order of their numbers with a gap at the end. the "
         "gap was us. i'm not crying, it's altitude"),
    Tale(
        "The Sofa", "sofa-found", (4, "Fairplay", 74),
        "Ninety-two miles to cover twenty-seven. Walt says that in the postal service this was "
        "known as Tuesday.",
        reply_to="fairplay",
    ),
    Tale(
        "Gecko", "gecko-rainbow", (4, "Fairplay", 97),
        "The storm went east and left this. Nobody said anything, which with this group is rare. "
        "Five cars. I checked twice.",
        ("light",), ("KF2_3368.JPG",),
    ),
    Tale("Kumquat", "kumquat-fuel-2", (4, "Bailey", 8), kind="fuel", amount="5.0 gal",
         cost="16.45 USD", reads=True, partial=True,
         text="walt paid. we were IN THE CAR. how does he do it"),
    Tale(
        "Plan B", "planb-end", (4, "end", 3),
        "Everybody's car got home under its own power. In my trade that's poetry.",
    ),
    Tale(
        "The Sofa", "sofa-end", (4, "end", 73),
        "Last light over the park. Zuri has asked everyone for the numbers on their doors, for "
        "next year. W: *not lost, not late, six hundred miles old.*",
        ("end",), ("HLB_0452.JPG",),
    ),
)  # fmt: skip
