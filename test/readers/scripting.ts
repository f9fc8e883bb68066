import { driven, driverFile, here, type RealReader } from './real.ts';

/** Libraries and programs in Python, Ruby and PHP. */
export const scripting: readonly RealReader[] = [
  python('python-dotenv', 'python-dotenv', 'current'),
  python('python-dotenv-0.21', 'python-dotenv', '0.21'),
  python('honcho', 'honcho', 'current'),
  driven({
    name: 'ruby-dotenv',
    model: 'ruby-dotenv',
    optional: true,
    command: ['ruby', driverFile('ruby-dotenv.rb')],
    needs: ['ruby', here('.gems/gems/dotenv-3.2.0')],
    env: { GEM_HOME: here('.gems') },
  }),
  driven({
    name: 'foreman',
    model: 'foreman',
    command: ['ruby', driverFile('foreman.rb')],
    needs: ['ruby', 'foreman'],
  }),
  php('phpdotenv', '/usr/share/php/Dotenv/autoload.php'),
  php('symfony', '/usr/share/php/Symfony/Component/Dotenv/autoload.php'),
];

function python(name: string, driver: string, venv: string): RealReader {
  const interpreter = here(`.venv/${venv}/bin/python`);
  return driven({
    name,
    model: name,
    command: [interpreter, driverFile(`${driver}.py`)],
    needs: [interpreter],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
}

function php(name: string, library: string): RealReader {
  return driven({
    name,
    model: name,
    command: ['php', driverFile(`${name}.php`), library],
    needs: ['php', library],
  });
}
