require_relative 'texts'
require 'foreman/env'

read_each { |file| {}.tap { |vars| Foreman::Env.new(file).entries { |name, value| vars[name] = value } } }
