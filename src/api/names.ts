import { oneLine, SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/** Longest name of a secret, in characters (all of them ASCII). */
export const maxNameLength = 255;
/** Largest value, in bytes of UTF-8. */
export const maxValueBytes = 64 * 1024;
/** Most secrets of one environment. */
export const maxSecrets = 20_000;
/** Largest environment, in bytes of all its current values as they are sealed: whoever reads it reads all of it. */
export const maxEnvironmentBytes = 8 * 1024 * 1024;
/** Environments of a new project, in the order of promotion. */
export const environmentsAtBirth = ['development', 'staging', 'production'] as const;
export const defaultEnvironment = environmentsAtBirth[0];

const secretName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Who acts where nobody is logged in. */
export const operatorName = 'operator';
const namePattern = /^[A-Za-z0-9_*]+$/;
const principalName = /^[A-Za-z0-9][A-Za-z0-9._%+@-]{0,127}$/;
const scopeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

// Each makes a shell, a loader or a runtime run what the value says. Compared in upper case: Windows and some loaders do
// not tell case apart.
const hijacking = new Set(
  `PATH PATHEXT COMSPEC IFS ENV BASH_ENV SHELLOPTS BASHOPTS PROMPT_COMMAND CDPATH ZDOTDIR
   PS0 PS1 PS2 PS3 PS4 PROMPT PROMPT2 PROMPT3 PROMPT4 RPROMPT RPROMPT2 RPS1 RPS2 SPROMPT
   MODULE_PATH NULLCMD READNULLCMD MAILPATH FCEDIT
   NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS BUN_OPTIONS DENO_V8_FLAGS
   PYTHONSTARTUP PYTHONPATH PYTHONHOME PYTHONINSPECT PYTHONBREAKPOINT PERL5OPT PERL5LIB PERL5DB PERLLIB
   RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS CLASSPATH PHPRC PHP_INI_SCAN_DIR LUA_INIT
   GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER GIT_EXTERNAL_DIFF GIT_EXEC_PATH GIT_PROXY_COMMAND
   GIT_CONFIG_COUNT GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_PARAMETERS GIT_TEMPLATE_DIR
   SSH_ASKPASS SUDO_ASKPASS EDITOR VISUAL PAGER MANPAGER LESSOPEN LESSCLOSE BROWSER SHELL
   MAKEFLAGS GNUMAKEFLAGS MFLAGS MAKEFILES PYTHONUSERBASE PYTHONPLATLIBDIR PYTHONEXECUTABLE PYTHONWARNINGS PYTHONPYCACHEPREFIX
   PERL5SHELL PERL_MM_OPT PERL_MB_OPT PERL_CPANM_OPT GEM_HOME GEM_PATH JAVA_HOME JDK_JAVAC_OPTIONS JAVA_OPTS MAVEN_OPTS
   MAVEN_ARGS GRADLE_OPTS GRADLE_USER_HOME CATALINA_OPTS ANT_OPTS SBT_OPTS GOFLAGS GOENV GOROOT GOTOOLDIR GOTOOLCHAIN
   GOAUTH GOPROXY GOSUMDB CC CXX CPP LD AR CFLAGS CXXFLAGS LDFLAGS GCC_EXEC_PREFIX COMPILER_PATH LIBRARY_PATH CPATH
   C_INCLUDE_PATH CPLUS_INCLUDE_PATH CONFIG_SITE CMAKE_TOOLCHAIN_FILE RUSTC RUSTFLAGS RUSTDOC NODE_REPL_EXTERNAL_MODULE
   NODE_COMPILE_CACHE BUN_INSTALL BUN_INSPECT_PRELOAD DENO_DIR ELECTRON_RUN_AS_NODE DOTNET_STARTUP_HOOKS DOTNET_ROOT
   DOTNET_ADDITIONAL_DEPS DOTNET_SHARED_STORE PSMODULEPATH LUA_PATH LUA_CPATH R_PROFILE R_PROFILE_USER R_ENVIRON
   VIMINIT EXINIT VIMRUNTIME PSQLRC PSQL_EDITOR PSQL_PAGER SYSTEMD_EDITOR SYSTEMD_PAGER LESS LESSKEY INPUTRC FPATH
   APPDATA USERPROFILE SYSTEMROOT TMP TEMP OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES GLIBC_TUNABLES LIBPATH SHLIB_PATH
   LDR_PRELOAD GTK_MODULES GTK_PATH GIO_EXTRA_MODULES QT_PLUGIN_PATH SSH_SK_PROVIDER SSH_SK_HELPER ESBUILD_BINARY_PATH
   GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_CONFIG GIT_CONFIG_NOSYSTEM GIT_ALLOW_PROTOCOL
   GIT_SSL_NO_VERIFY SSH_AUTH_SOCK SSH_ASKPASS_REQUIRE RSYNC_RSH CVS_RSH SVN_SSH HGRCPATH HGEDITOR HGMERGE GNUPGHOME
   SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE CURL_CA_BUNDLE CURL_HOME REQUESTS_CA_BUNDLE WGETRC DOCKER_CONFIG
   AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE AWS_PAGER CLOUDSDK_PYTHON CLOUDSDK_CONFIG BOTO_CONFIG
   TF_CLI_CONFIG_FILE TF_REATTACH_PROVIDERS TF_DATA_DIR KRB5_CONFIG PGSERVICEFILE PGSYSCONFDIR
   NODE_TLS_REJECT_UNAUTHORIZED PYTHONHTTPSVERIFY GIT_SSL_CAINFO GIT_SSL_CAPATH GIT_SSL_CERT GIT_SSL_KEY
   PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE JULIA_LOAD_PATH DOCKER_HOST DOCKER_TLS_VERIFY KUBECONFIG
   GCONV_PATH HOSTALIASES LOCPATH MALLOC_TRACE NLSPATH RESOLV_HOST_CONF TMPDIR HOME`.split(/\s+/),
);
const hijackingPrefixes =
  `LD_ DYLD_ BASH_FUNC_ GIT_CONFIG_KEY_ GIT_CONFIG_VALUE_ NPM_CONFIG_ BUNDLE_ CARGO_ RUSTUP_ CGO_ YARN_ COREPACK_
   TS_NODE_ CORECLR_ COR_ TF_CLI_ARGS XDG_`.split(/\s+/);
// Integers of bash, zsh or mksh. A shell computes what is put into one, and runs the commands in it: x[$(id)]. No quotes
// help. Each is one in this case only.
const computed = new Set(
  `BASHPID BAUD COLUMNS DIRSTACKSIZE EGID ERRNO EUID FUNCNEST GID HISTCMD HISTSIZE KEYTIMEOUT KSHEGID KSHGID KSHUID LINES
   LISTMAX LOGCHECK MAILCHECK OPTIND PERIOD PGRP PIPESTATUS PPID RANDOM REPORTMEMORY REPORTTIME SAVEHIST SECONDS SHLVL
   SRANDOM TMOUT TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT UID USER_ID ZLE_RPROMPT_INDENT`.split(/\s+/),
);
/** Names by which this program itself is steered: no link file lets them through. */
const ownPrefix = 'SECRETS_';

/** Whether a variable of this name could make a child process run something else than was asked. */
export function isHijackingName(name: string): boolean {
  const upper = name.toUpperCase();
  return (
    isOwnName(name) ||
    isComputedByShells(name) ||
    hijacking.has(upper) ||
    hijackingPrefixes.some((prefix) => upper.startsWith(prefix))
  );
}

/** Whether a shell that assigns to it would run commands that stand in the value, however they are quoted. */
export function isComputedByShells(name: string): boolean {
  return computed.has(name);
}

/** Whether the name steers this program: it is never a secret, and never handed to a child out of the vault. */
export function isOwnName(name: string): boolean {
  return name.toUpperCase().startsWith(ownPrefix);
}

/**
 * Throws `invalid` for names that can make a program run something else, unless the link file lets them through. The vault
 * refuses them too; this holds whatever wrote the vault, and whoever let them in.
 */
export function assertHarmless(
  names: Iterable<string>,
  allow: readonly string[] | undefined,
  fate: 'passed on' | 'written',
): void {
  const bad = [...names].filter(
    (name) => isHijackingName(name) && (isOwnName(name) || !allow?.includes(name)),
  );
  if (bad.length === 0) return;
  const list = bad.map((name) => JSON.stringify(name)).join(', ');
  throw new SecretsError('invalid', `${list} can make a program run something else; nothing is ${fate}`, {
    hint: `if this repository does need it, name it in secrets.config.json: "allow": [${list}]`,
  });
}

/** Whether it can be the name of a secret: `[A-Za-z_][A-Za-z0-9_]*`, at most 255 characters. */
export function isSecretName(name: string): boolean {
  return name.length <= maxNameLength && secretName.test(name);
}

/** Throws `invalid` unless the secret may be stored under this name. */
export function assertSecretName(name: string, options: { allowHijacking?: boolean | undefined } = {}): void {
  if (!isSecretName(name)) {
    // What was typed may be the value itself, given in the wrong place: it is not echoed.
    throw new SecretsError('invalid', `not a name for a secret (${name.length} characters)`, {
      hint: `a name is letters, digits and _, not starting with a digit, at most ${maxNameLength} characters`,
    });
  }
  if (isOwnName(name)) {
    throw new SecretsError('invalid', `"${name}" steers this program itself, so it cannot be a secret`, {
      hint: `names that start with ${ownPrefix} are ours: take another`,
    });
  }
  if (!options.allowHijacking && isHijackingName(name)) {
    throw new SecretsError(
      'invalid',
      `"${name}" can make a program run something else, so it cannot be a secret`,
      {
        hint: `if this repository does need it, name it in secrets.config.json: "allow": ["${name}"]`,
      },
    );
  }
}

/** Throws `invalid` or `too_large` unless the value can be stored: no NUL, no lone surrogate, at most 64 KiB of UTF-8. */
export function assertValue(name: string, value: Secret): void {
  const text = value.reveal();
  if (text.includes('\0')) {
    throw new SecretsError(
      'invalid',
      `the value of "${name}" holds a NUL byte, which no environment can carry`,
      {
        hint: 'store binary data as base64',
      },
    );
  }
  if (!text.isWellFormed())
    throw new SecretsError('invalid', `the value of "${name}" is not valid Unicode text`);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxValueBytes) {
    throw new SecretsError(
      'too_large',
      `the value of "${name}" is ${bytes} bytes; the limit is ${maxValueBytes}`,
    );
  }
}

/** Whether it can name a project or an environment. */
export function isScopeName(name: string): boolean {
  return scopeName.test(name);
}

/** Throws `invalid` unless it can name a project or an environment. */
export function assertScopeName(kind: 'project' | 'environment', name: string): void {
  if (scopeName.test(name)) return;
  throw new SecretsError(
    'invalid',
    `"${printable(name)}" cannot name ${kind === 'project' ? 'a project' : 'an environment'}`,
    {
      hint: 'use letters, digits, dots, dashes and underscores, starting with a letter or digit, at most 64 characters',
    },
  );
}

/** Whether it can be a pattern of secret names: their characters, and `*` for any. */
export function isNamePattern(pattern: string): boolean {
  return pattern.length <= maxNameLength && namePattern.test(pattern);
}

/** Whether it can name a member or a service account: an e-mail address, as a rule. */
export function isPrincipalName(name: string): boolean {
  return principalName.test(name);
}

/** Throws `invalid` unless it can name a member or a service account. */
export function assertPrincipalName(name: string): void {
  if (name.toLowerCase() === operatorName)
    throw new SecretsError('invalid', `"${name}" is what the audit trail calls whoever runs the server`, {
      hint: 'take another name: an e-mail address',
    });
  if (principalName.test(name)) return;
  throw new SecretsError('invalid', `"${printable(name)}" cannot name a member or a service account`, {
    hint: 'an e-mail address, or letters, digits and . _ % + @ - starting with a letter or digit, at most 128 characters',
  });
}

/** Throws `invalid` unless it can name a group. */
export function assertGroupName(name: string): void {
  if (scopeName.test(name)) return;
  throw new SecretsError('invalid', `"${printable(name)}" cannot name a group`, {
    hint: 'use letters, digits, dots, dashes and underscores, starting with a letter or digit, at most 64 characters',
  });
}

/** What was typed, fit for one line of a terminal: control characters escaped, cut after 64 characters. */
export function printable(text: string): string {
  const escaped = oneLine(text);
  return escaped.length > 64 ? `${escaped.slice(0, 63)}…` : escaped;
}
