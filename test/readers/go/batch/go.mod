module readers/batch

go 1.21
