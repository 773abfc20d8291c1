"""Read models: what pages show, as frozen values, each query bound to a scope. A `ScopedReader` gives them."""
