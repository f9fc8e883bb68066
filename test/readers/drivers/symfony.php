<?php

require __DIR__ . '/texts.php';
require $argv[1];
require '/usr/share/php/Symfony/Component/Process/autoload.php';

readEach(static function (string $folder): array {
    $_ENV = $_SERVER = [];
    (new Symfony\Component\Dotenv\Dotenv())->load("$folder/.env");
    unset($_ENV['SYMFONY_DOTENV_VARS']);

    return $_ENV;
});
