<?php

/**
 * The frame of the drivers in PHP: texts from standard input, outcomes to standard output. `$read` makes an array of the
 * file `.env`, which holds one text after the other.
 */
function readEach(callable $read): void
{
    // A warning is an error to an application in development; some of these would repeat without end.
    set_error_handler(static function (int $level, string $what): bool {
        throw new ErrorException($what);
    }, E_ALL & ~E_DEPRECATED);
    $outcomes = [];
    foreach (json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR) as $text) {
        $outcomes[] = outcomeOf($text, $read);
    }
    echo json_encode($outcomes, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
}

function outcomeOf(string $text, callable $read): array
{
    file_put_contents('.env', $text);
    $children = childrenSoFar();
    try {
        $vars = array_filter($read(getcwd(), $text), static fn ($value) => $value !== null);
        $outcome = ['vars' => (object) array_map(strval(...), $vars)];
    } catch (Throwable $error) {
        $outcome = ['error' => get_class($error) . ': ' . $error->getMessage()];
    }
    clearstatcache();
    // A command is seen even where it leaves nothing behind.
    $ran = file_exists('CANARY') || childrenSoFar() > $children;
    if (file_exists('CANARY')) {
        unlink('CANARY');
    }

    return $outcome + ['ran' => $ran];
}

/** A measure of the processes that were started and have ended: the pages that they touched. */
function childrenSoFar(): int
{
    return getrusage(1)['ru_minflt'];
}
