-- Who was together, asked of a GeoParquet file that `convoylog export --to geoparquet` wrote.
-- For DuckDB; `fleet` is that file: CREATE VIEW fleet AS SELECT * FROM 'fleet.parquet';
-- The numbers are those of `convoylog convoy --rules`. docs/scale.md explains each step.
WITH
rules AS (
  SELECT 10 AS tick_s, 300.05 AS gap_s, 500.0 AS near_m, 75.0 AS corridor_m, cos(radians(60)) AS course,
         1.5 AS slow_mps, 600 AS bridge_s, 600 AS shortest_s, 1800 AS hole_s,
         -- a cell is wider than any reach, so that a neighbour's cell is the same or the next
         900.0 AS cell_m, 400 AS bucket_s
),
points AS (
  SELECT car, epoch_ms(time) / 1000.0 AS t, lat, lon, segment,
         lead(epoch_ms(time)) OVER w / 1000.0 AS t2, lead(lat) OVER w AS lat2, lead(lon) OVER w AS lon2,
         lead(segment) OVER w AS segment2
  FROM fleet WINDOW w AS (PARTITION BY car ORDER BY time)
),
-- known hops with their course, metres north and east; the short way round the world
hops AS (
  SELECT car, t, t2, lat, lon, lat2 - lat AS dlat, (lon2 - lon + 540) % 360 - 180 AS dlon,
         111132.95 - 559.85 * cos(2 * radians(lat)) AS up,
         111412.88 * cos(radians(lat)) - 93.50 * cos(3 * radians(lat)) AS across
  FROM points WHERE segment2 = segment AND t2 > t
),
ways AS (
  SELECT *, dlat * up AS north, dlon * across AS east, sqrt((dlat * up) ** 2 + (dlon * across) ** 2) AS metres
  FROM hops
),
driven AS (
  SELECT ways.*, metres < slow_mps * (t2 - t) OR (t2 - t > 120 AND metres <= 200) AS slow FROM ways, rules
),
-- where each car is at every tick of the common clock
ticks AS (
  SELECT car, tick, lat + f * dlat AS lat, lon + f * dlon AS lon, up, across, north, east, metres, slow,
         tick * tick_s AS at_s
  FROM (
    SELECT driven.*, tick_s, unnest(range(ceil(t / tick_s)::BIGINT, ceil(t2 / tick_s)::BIGINT)) AS tick
    FROM driven, rules
  ), LATERAL (SELECT (tick * tick_s - t) / (t2 - t) AS f)
),
cells AS (
  SELECT ticks.*, floor(lat * 110574 / cell_m)::BIGINT AS row_,
         floor(lon * 111319 * cos(radians(lat)) / cell_m)::BIGINT AS column_
  FROM ticks, rules
),
-- by nearness: at one tick
near AS (
  SELECT least(a.car, b.car) AS a, greatest(a.car, b.car) AS b, a.tick
  FROM (SELECT cells.*, r.dr, c.dc FROM cells, (VALUES (-1), (0), (1)) r(dr), (VALUES (-1), (0), (1)) c(dc)) a
  JOIN cells b ON b.tick = a.tick AND b.row_ = a.row_ + a.dr AND b.column_ = a.column_ + a.dc AND b.car <> a.car
  CROSS JOIN rules
  WHERE sqrt(((a.lat - b.lat) * a.up) ** 2 + ((a.lon - b.lon) * a.across) ** 2) <= near_m
),
-- by gap: the one passes where the other was, within the longest gap before, on the same course
passing AS (
  SELECT driven.*, floor((lat + dlat / 2) * 110574 / cell_m)::BIGINT AS row_,
         floor((lon + dlon / 2) * 111319 * cos(radians(lat)) / cell_m)::BIGINT AS column_,
         unnest(range(floor(t / bucket_s)::BIGINT, floor(t2 / bucket_s)::BIGINT + 1)) AS bucket
  FROM driven, rules
),
asked AS (
  SELECT cells.*, floor(at_s / bucket_s)::BIGINT - d AS bucket, row_ + dr AS near_row, column_ + dc AS near_column
  FROM cells, rules, (VALUES (0), (1)) b(d), (VALUES (-1), (0), (1)) r(dr), (VALUES (-1), (0), (1)) c(dc)
),
met AS (
  SELECT least(a.car, b.car) AS a, greatest(a.car, b.car) AS b, b.tick,
         (b.lat - a.lat) * b.up AS y, (b.lon - a.lon) * b.across AS x, a.north, a.east, a.metres, a.slow, a.t, a.t2,
         b.north AS north_b, b.east AS east_b, b.metres AS metres_b, b.slow AS slow_b, b.at_s
  FROM asked b JOIN passing a
    ON a.row_ = b.near_row AND a.column_ = b.near_column AND a.bucket = b.bucket AND a.car <> b.car
),
gap AS (
  SELECT met.a, met.b, tick
  FROM met, rules,
       LATERAL (SELECT CASE WHEN met.metres > 0
                 THEN greatest(0, least(1, (x * met.east + y * met.north) / met.metres ** 2)) ELSE 0 END AS f)
  WHERE sqrt((x - f * met.east) ** 2 + (y - f * met.north) ** 2)
          <= corridor_m + least((met.metres + metres_b) / 8, 250)
    AND (met.slow OR slow_b OR met.north * north_b + met.east * east_b >= course * met.metres * metres_b)
    AND t + f * (t2 - t) <= at_s + 1
    AND CASE WHEN met.slow THEN t2 ELSE t + f * (t2 - t) END >= at_s - gap_s
),
raw AS (SELECT DISTINCT * FROM (SELECT * FROM near UNION ALL SELECT * FROM gap)),
-- episodes: runs joined over short partings and holes; no data is neither together nor apart
pairs AS (SELECT DISTINCT a, b FROM raw),
both_known AS (
  SELECT pairs.a, pairs.b, x.tick, row_number() OVER (PARTITION BY pairs.a, pairs.b ORDER BY x.tick) AS n
  FROM pairs JOIN ticks x ON x.car = pairs.a JOIN ticks y ON y.car = pairs.b AND y.tick = x.tick
),
steps AS (
  SELECT raw.a, raw.b, raw.tick,
         (raw.tick - lag(raw.tick) OVER w - 1) * tick_s AS between_s, (n - lag(n) OVER w - 1) * tick_s AS apart_s
  FROM raw JOIN both_known k ON k.a = raw.a AND k.b = raw.b AND k.tick = raw.tick CROSS JOIN rules
  WINDOW w AS (PARTITION BY raw.a, raw.b ORDER BY raw.tick)
),
numbered AS (
  SELECT steps.*, sum((apart_s IS NULL OR apart_s >= bridge_s OR between_s >= hole_s)::INT)
                    OVER (PARTITION BY a, b ORDER BY tick) AS episode
  FROM steps, rules
)
SELECT a, b, min(tick) * any_value(tick_s) AS from_at, (max(tick) + 1) * any_value(tick_s) AS to_at
FROM numbered, rules
GROUP BY a, b, episode
HAVING (max(tick) + 1 - min(tick)) * any_value(tick_s) >= any_value(shortest_s)
ORDER BY a, b, from_at;
