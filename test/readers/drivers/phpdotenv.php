<?php

require __DIR__ . '/texts.php';
require $argv[1];

readEach(static function (string $folder, string $text): array {
    // `${NAME}` stays as it is where there is no such variable. Here there is one of each name, the worse case.
    preg_match_all('/\$\{([a-zA-Z0-9_.]+)\}/', $text, $named);
    $_SERVER = [];
    $_ENV = array_fill_keys($named[1], '');

    return Dotenv\Dotenv::createImmutable($folder)->load();
});
