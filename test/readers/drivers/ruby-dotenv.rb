require_relative 'texts'
require 'dotenv'

raise "dotenv #{Dotenv::VERSION} is not the one that is modelled" unless Dotenv::VERSION.start_with?('3.')

# A command is seen even where it leaves nothing behind.
Dotenv::Substitutions::Command.singleton_class.prepend(Module.new do
  def `(command)
    File.write('CANARY', '')
    super
  end
end)

read_each { |file| Dotenv.parse(file) }
