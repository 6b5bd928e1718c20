"""The roads of the demo: towns, junctions and bends along them, from memory, rounded.

Each row is latitude, longitude, height in metres and the place's name; bends have none. A road is
one smooth line through its rows, and every car on it follows the same line.
"""

from __future__ import annotations

from dataclasses import dataclass

from convoylog.demo.curves import Line, smooth


@dataclass(frozen=True, slots=True)
class Road:
    """line: the smoothed road. marks: named place → metres from its begin. cruise: metres a second
    where nothing slows a car."""

    line: Line
    marks: dict[str, float]
    cruise: float


#: metres a second: 75 mph less a retired driver; a pass road
INTERSTATE, MOUNTAIN = 32.0, 21.0

_ROADS: dict[str, tuple[float, str]] = {
    # I-94, US-151 and I-80, the lake to the middle of Iowa
    "Milwaukee – Des Moines": (
        29.5,
        """
        43.039 -87.907 185 Milwaukee
        43.026 -87.985 205
        43.030 -88.110 255 Brookfield
        43.045 -88.230 270
        43.058 -88.400 285 Delafield
        43.068 -88.520 270
        43.078 -88.770 250 Johnson Creek
        43.092 -88.920 255 Lake Mills
        43.120 -89.160 275
        43.108 -89.285 265
        43.045 -89.330 262 Madison
        43.037 -89.430 275
        42.992 -89.540 300 Verona
        43.003 -89.740 370 Mount Horeb
        42.990 -89.940 360
        42.965 -90.120 370 Dodgeville
        42.862 -90.178 330 Mineral Point
        42.790 -90.330 310
        42.735 -90.470 300 Platteville
        42.627 -90.592 290 Dickeyville
        42.560 -90.630 215
        42.495 -90.667 190 Dubuque
        42.420 -90.760 305
        42.295 -91.005 265 Cascade
        42.237 -91.190 260 Monticello
        42.112 -91.280 250 Anamosa
        42.035 -91.560 260
        41.978 -91.668 225 Cedar Rapids
        41.880 -91.690 250
        41.752 -91.640 235
        41.687 -91.655 230 Coralville
        41.691 -91.850 245
        41.690 -92.020 260 Williamsburg
        41.697 -92.400 285
        41.703 -92.730 295 Grinnell
        41.681 -93.050 285 Newton
        41.668 -93.240 245
        41.655 -93.480 285 Altoona
        41.652 -93.580 265
        41.600 -93.625 260 Des Moines
        """,
    ),
    # I-35
    "Minneapolis – Des Moines": (
        31.5,
        """
        44.975 -93.262 255 Minneapolis
        44.880 -93.285 260
        44.760 -93.285 290 Burnsville
        44.650 -93.292 305 Lakeville
        44.470 -93.310 320
        44.300 -93.305 310 Faribault
        44.080 -93.248 350 Owatonna
        43.860 -93.300 375
        43.660 -93.335 385 Albert Lea
        43.500 -93.352 380
        43.310 -93.350 375
        43.148 -93.345 370 Clear Lake
        42.900 -93.352 360
        42.720 -93.500 350
        42.450 -93.568 340 Williams
        42.190 -93.572 315 Story City
        42.010 -93.570 295 Ames
        41.870 -93.572 300
        41.730 -93.578 290 Ankeny
        41.655 -93.577 275
        41.600 -93.625 260 Des Moines
        """,
    ),
    # I-80
    "Des Moines – North Platte": (
        INTERSTATE,
        """
        41.600 -93.625 260 Des Moines
        41.592 -93.800 290
        41.540 -94.010 270 De Soto
        41.498 -94.320 370 Stuart
        41.492 -94.640 430 Adair
        41.496 -95.030 370 Atlantic
        41.490 -95.340 350 Avoca
        41.430 -95.600 330
        41.330 -95.780 310
        41.232 -95.880 300 Council Bluffs
        41.226 -95.990 320 Omaha
        41.205 -96.080 330
        41.120 -96.240 345 Gretna
        41.030 -96.340 330 Ashland
        40.905 -96.530 340 Waverly
        40.858 -96.690 360 Lincoln
        40.822 -96.830 390
        40.822 -97.080 440 Seward
        40.821 -97.600 490 York
        40.822 -98.000 540 Aurora
        40.818 -98.340 565 Grand Island
        40.748 -98.610 600 Wood River
        40.672 -98.850 630
        40.668 -99.080 655 Kearney
        40.686 -99.370 690 Elm Creek
        40.742 -99.740 730 Lexington
        40.838 -99.980 760 Cozad
        40.912 -100.160 780 Gothenburg
        40.990 -100.380 815 Brady
        41.060 -100.580 835
        41.112 -100.765 855 North Platte
        """,
    ),
    # I-80 and I-76
    "North Platte – Sterling": (
        INTERSTATE,
        """
        41.112 -100.765 855 North Platte
        41.132 -100.960 880 Hershey
        41.140 -101.130 900 Sutherland
        41.110 -101.360 930 Paxton
        41.117 -101.720 980 Ogallala
        41.075 -101.960 1010
        41.030 -102.140 1040 Big Springs
        40.972 -102.260 1060 Julesburg
        40.938 -102.400 1080
        40.905 -102.550 1095 Sedgwick
        40.825 -102.800 1130 Crook
        40.738 -103.030 1165 Iliff
        40.622 -103.180 1200 Sterling
        """,
    ),
    # I-76
    "Sterling – Denver": (
        INTERSTATE,
        """
        40.622 -103.180 1200 Sterling
        40.520 -103.300 1230 Atwood
        40.370 -103.480 1270
        40.272 -103.620 1290 Brush
        40.266 -103.800 1320 Fort Morgan
        40.235 -104.070 1380 Wiggins
        40.170 -104.370 1430 Roggen
        40.110 -104.520 1510 Keenesburg
        40.072 -104.640 1520 Hudson
        39.980 -104.760 1520 Brighton
        39.890 -104.880 1560
        39.822 -104.960 1575
        39.782 -104.955 1590
        39.747 -104.950 1610 Denver
        """,
    ),
    # US-287, the diagonal of Texas
    "Fort Worth – Amarillo": (
        29.5,
        """
        32.755 -97.330 200 Fort Worth
        32.860 -97.345 225 Saginaw
        33.055 -97.472 290 Rhome
        33.232 -97.590 330 Decatur
        33.360 -97.690 300
        33.558 -97.850 345 Bowie
        33.700 -98.050 305
        33.812 -98.200 275 Henrietta
        33.905 -98.490 290 Wichita Falls
        33.950 -98.670 310
        34.030 -98.920 370 Electra
        34.152 -99.280 370 Vernon
        34.258 -99.520 425 Chillicothe
        34.298 -99.740 480 Quanah
        34.428 -100.210 570 Childress
        34.550 -100.430 540 Estelline
        34.725 -100.540 630 Memphis
        34.868 -100.660 800 Hedley
        34.938 -100.890 830 Clarendon
        35.020 -101.180 960
        35.110 -101.360 1035 Claude
        35.180 -101.600 1080
        35.200 -101.835 1115 Amarillo
        """,
    ),
    # US-287, US-87 and I-25 over Raton Pass
    "Amarillo – Trinidad": (
        28.5,
        """
        35.200 -101.835 1115 Amarillo
        35.360 -101.840 1030
        35.460 -101.880 920 Canadian River
        35.660 -101.960 1080
        35.862 -101.972 1115 Dumas
        35.888 -102.400 1190 Hartley
        36.058 -102.520 1215 Dalhart
        36.200 -102.760 1300
        36.380 -103.020 1430 Texline
        36.452 -103.185 1540 Clayton
        36.530 -103.450 1730
        36.600 -103.620 1830 Grenville
        36.760 -103.835 2020 Des Moines, New Mexico
        36.742 -103.995 2090 Capulin
        36.790 -104.220 1980
        36.895 -104.440 2035 Raton
        36.950 -104.470 2200
        36.992 -104.487 2388 Raton Pass
        37.060 -104.510 2120
        37.130 -104.520 1930
        37.168 -104.508 1840 Trinidad
        """,
    ),
    # I-25
    "Trinidad – Walsenburg": (
        INTERSTATE,
        """
        37.168 -104.508 1840 Trinidad
        37.250 -104.500 1850
        37.330 -104.580 1900
        37.410 -104.645 1940 Aguilar
        37.520 -104.720 1920
        37.625 -104.785 1890 Walsenburg
        """,
    ),
    "Walsenburg – Denver": (
        INTERSTATE,
        """
        37.625 -104.785 1890 Walsenburg
        37.760 -104.835 1830
        37.945 -104.830 1780 Colorado City
        38.090 -104.730 1600
        38.255 -104.610 1430 Pueblo
        38.450 -104.620 1560
        38.680 -104.705 1690 Fountain
        38.835 -104.832 1840 Colorado Springs
        38.950 -104.795 1960
        39.090 -104.865 2120 Monument
        39.230 -104.878 2030 Larkspur
        39.375 -104.868 1890 Castle Rock
        39.540 -104.870 1800 Lone Tree
        39.640 -104.905 1710
        39.685 -104.958 1640
        39.720 -104.962 1620
        39.747 -104.950 1610 Denver
        """,
    ),
    # I-17, US-89 and US-160
    "Phoenix – Kayenta": (
        29.0,
        """
        33.450 -112.070 335 Phoenix
        33.520 -112.110 350
        33.640 -112.116 400
        33.860 -112.145 570 Anthem
        34.070 -112.150 620 Black Canyon City
        34.195 -112.145 1040 Sunset Point
        34.310 -112.120 1130 Cordes Junction
        34.430 -112.030 1180
        34.572 -111.865 980 Camp Verde
        34.660 -111.790 1120
        34.750 -111.690 1780
        34.935 -111.645 2010 Munds Park
        35.090 -111.680 2080
        35.192 -111.640 2105 Flagstaff
        35.240 -111.570 2120
        35.370 -111.545 2190
        35.560 -111.530 1780
        35.745 -111.480 1530 Gray Mountain
        35.875 -111.410 1285 Cameron
        36.062 -111.392 1370
        36.112 -111.225 1510 Tuba City
        36.320 -110.960 1690 Tonalea
        36.430 -110.840 1750
        36.570 -110.560 2000
        36.660 -110.430 1880 Tsegi
        36.715 -110.255 1730 Kayenta
        """,
    ),
    # US-160 over Wolf Creek Pass
    "Kayenta – Alamosa": (
        26.5,
        """
        36.715 -110.255 1730 Kayenta
        36.770 -110.080 1640
        36.845 -109.850 1520 Dennehotso
        36.945 -109.610 1490 Mexican Water
        36.962 -109.360 1560 Red Mesa
        36.920 -109.095 1600 Teec Nos Pos
        36.995 -109.040 1490 Four Corners
        37.080 -108.900 1510
        37.200 -108.720 1790 Towaoc
        37.345 -108.585 1880 Cortez
        37.345 -108.290 2140 Mancos
        37.330 -108.160 2460
        37.288 -108.040 2430 Hesperus
        37.270 -107.885 1990 Durango
        37.228 -107.600 2100 Bayfield
        37.190 -107.300 1960 Chimney Rock
        37.268 -107.010 2170 Pagosa Springs
        37.370 -106.915 2250
        37.442 -106.880 2450 Treasure Falls
        37.460 -106.845 2900
        37.483 -106.802 3309 Wolf Creek Pass
        37.530 -106.780 2950
        37.600 -106.710 2620
        37.668 -106.640 2500 South Fork
        37.678 -106.350 2400 Del Norte
        37.580 -106.150 2335 Monte Vista
        37.468 -105.870 2299 Alamosa
        """,
    ),
    # US-160 over La Veta Pass
    "Alamosa – Walsenburg": (
        27.0,
        """
        37.468 -105.870 2299 Alamosa
        37.440 -105.520 2360 Blanca
        37.430 -105.435 2420 Fort Garland
        37.520 -105.320 2590
        37.590 -105.240 2760
        37.614 -105.190 2876 La Veta Pass
        37.560 -105.110 2500
        37.590 -104.920 2080
        37.625 -104.785 1890 Walsenburg
        """,
    ),
    # I-84
    "Boise – Tremonton": (
        33.0,
        """
        43.612 -116.200 825 Boise
        43.560 -116.180 860
        43.400 -115.940 980
        43.130 -115.680 960 Mountain Home
        42.990 -115.450 900
        42.955 -115.300 780 Glenns Ferry
        42.925 -114.950 990 Bliss
        42.775 -114.700 1050 Wendell
        42.640 -114.460 1150 Twin Falls
        42.580 -114.150 1230
        42.562 -113.770 1265 Burley
        42.575 -113.500 1330
        42.440 -113.370 1360
        42.290 -113.230 1440 Malta
        42.130 -112.970 1520
        41.968 -112.715 1385 Snowville
        41.870 -112.450 1420
        41.715 -112.180 1310 Tremonton
        """,
    ),
    # I-84 through Weber Canyon and I-80 across Wyoming
    "Tremonton – Laramie": (
        33.0,
        """
        41.715 -112.180 1310 Tremonton
        41.620 -112.130 1305
        41.500 -112.055 1300 Brigham City
        41.240 -112.015 1310 Ogden
        41.160 -111.990 1340
        41.138 -111.910 1390
        41.140 -111.800 1490
        41.040 -111.675 1545 Morgan
        41.025 -111.500 1625
        40.975 -111.435 1665 Echo
        41.060 -111.270 1850
        41.200 -111.080 2060
        41.265 -110.965 2060 Evanston
        41.285 -110.650 2190
        41.325 -110.300 2040 Lyman
        41.540 -109.860 1910 Little America
        41.530 -109.470 1865 Green River
        41.598 -109.220 1910 Rock Springs
        41.680 -108.790 1985 Point of Rocks
        41.650 -108.390 2080
        41.672 -107.980 2060 Wamsutter
        41.710 -107.700 2130
        41.785 -107.235 2080 Rawlins
        41.772 -107.110 2000
        41.755 -106.830 2060
        41.720 -106.410 2210 Elk Mountain
        41.595 -106.205 2340 Arlington
        41.450 -105.900 2240
        41.312 -105.600 2190 Laramie
        """,
    ),
    # US-287 and CO-14 across the Pawnee grassland
    "Laramie – Sterling": (
        27.5,
        """
        41.312 -105.600 2190 Laramie
        41.200 -105.570 2250
        41.080 -105.500 2340 Tie Siding
        40.955 -105.350 2130 Virginia Dale
        40.870 -105.290 1950
        40.790 -105.215 1780 Livermore
        40.630 -105.140 1545 Laporte
        40.590 -105.070 1525 Fort Collins
        40.582 -104.950 1510
        40.583 -104.732 1505 Ault
        40.590 -104.520 1520
        40.635 -104.330 1480 Briggsdale
        40.635 -104.050 1500
        40.608 -103.845 1460 New Raymer
        40.606 -103.665 1420 Stoneham
        40.620 -103.400 1290
        40.622 -103.180 1200 Sterling
        """,
    ),
    # I-70 through the Eisenhower Tunnel
    "Denver – Frisco": (
        27.0,
        """
        39.747 -104.950 1610 Denver
        39.779 -104.965 1590
        39.783 -105.090 1640 Wheat Ridge
        39.745 -105.155 1740
        39.715 -105.203 1860 Golden
        39.708 -105.270 2230 Genesee
        39.703 -105.335 2370 El Rancho
        39.722 -105.410 2380 Floyd Hill
        39.742 -105.445 2215
        39.742 -105.515 2300 Idaho Springs
        39.766 -105.600 2430 Dumont
        39.752 -105.660 2560
        39.714 -105.696 2600 Georgetown
        39.695 -105.730 2790 Silver Plume
        39.692 -105.800 2980 Bakerville
        39.690 -105.870 3220
        39.680 -105.909 3390 East Portal
        39.678 -105.941 3357 West Portal
        39.672 -105.985 3080
        39.640 -106.040 2800
        39.628 -106.068 2690 Silverthorne
        39.600 -106.090 2760
        39.578 -106.098 2775 Frisco
        """,
    ),
    # CO-9 over Hoosier Pass
    "Frisco – Fairplay": (
        MOUNTAIN,
        """
        39.578 -106.098 2775 Frisco
        39.550 -106.060 2760
        39.532 -106.044 2760 Farmers Korner
        39.482 -106.046 2930 Breckenridge
        39.420 -106.042 3060 Blue River
        39.385 -106.052 3290
        39.362 -106.062 3518 Hoosier Pass
        39.325 -106.060 3300
        39.284 -106.063 3150 Alma
        39.250 -106.030 3080
        39.225 -106.000 3034 Fairplay
        """,
    ),
    # I-70, CO-91, US-24 and US-285: the wrong way round the same mountains
    "Frisco – Leadville – Fairplay": (
        26.0,
        """
        39.578 -106.098 2775 Frisco
        39.540 -106.142 2860
        39.502 -106.148 2960 Copper Mountain
        39.430 -106.168 3180
        39.366 -106.188 3450 Fremont Pass
        39.320 -106.225 3220
        39.250 -106.292 3095 Leadville
        39.195 -106.335 2900
        39.045 -106.265 2725 Granite
        38.945 -106.200 2560
        38.842 -106.131 2425 Buena Vista
        38.812 -106.105 2390
        38.860 -106.030 2620
        38.910 -105.975 2890 Trout Creek Pass
        38.960 -105.950 2800
        39.100 -105.965 2870
        39.225 -106.000 3034 Fairplay
        """,
    ),
    # US-285 over Kenosha Pass
    "Fairplay – Denver": (
        25.0,
        """
        39.225 -106.000 3034 Fairplay
        39.270 -105.930 3010
        39.312 -105.880 2990 Como
        39.377 -105.800 2900 Jefferson
        39.413 -105.757 3048 Kenosha Pass
        39.430 -105.715 2850
        39.458 -105.655 2610 Grant
        39.430 -105.570 2480
        39.405 -105.475 2360 Bailey
        39.455 -105.400 2570
        39.520 -105.305 2510 Conifer
        39.575 -105.255 2250
        39.612 -105.220 1980
        39.640 -105.185 1790 Morrison
        39.650 -105.080 1670
        39.653 -104.990 1625 Englewood
        39.690 -104.962 1640
        39.720 -104.955 1620
        39.747 -104.950 1610 Denver
        """,
    ),
}


def road(name: str) -> Road:
    """A road by the name it has here. Raises KeyError for another."""
    cruise, text = _ROADS[name]
    rows = [line.split(maxsplit=3) for line in text.strip().splitlines()]
    line, along = smooth([(float(lat), float(lon), float(ele)) for lat, lon, ele, *_ in rows])
    marks = {row[3]: at for row, at in zip(rows, along, strict=True) if len(row) > 3}
    return Road(line, marks, cruise)


def names() -> tuple[str, ...]:
    return tuple(_ROADS)
