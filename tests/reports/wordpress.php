<?php
// What WordPress itself makes of a post: its blocks, and what is left of it when an author without
// unfiltered HTML saves it. Needs WordPress' own files, no database. Usage: wordpress.php FOLDER < post.html
define('ABSPATH', rtrim($argv[1], '/') . '/');
define('WPINC', 'wp-includes');
define('WP_DEBUG', false);
foreach (['compat', 'load', 'plugin', 'functions', 'formatting', 'kses', 'class-wp-block-parser', 'blocks'] as $name) {
    require ABSPATH . WPINC . "/$name.php";
}
$given = stream_get_contents(STDIN);
$kept = wp_unslash(wp_filter_post_kses(wp_slash($given)));
$names = [];
$loose = '';
$blocks = parse_blocks($kept);
foreach ($blocks as $block) {
    if ($block['blockName'] === null) {
        $loose .= trim($block['innerHTML']);
    } else {
        $names[] = $block['blockName'];
    }
}
echo json_encode(['kept' => $kept, 'names' => $names, 'loose' => $loose,
                  'whole' => serialize_blocks($blocks) === $kept]);
