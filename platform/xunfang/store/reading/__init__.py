"""Read models: what pages show, as frozen values, each query bound to a scope. Faces reach them through a `Desk`."""
