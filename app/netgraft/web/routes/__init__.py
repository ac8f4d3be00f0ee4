"""One router a resource. Routes translate between HTTP and the rooms below; they decide nothing."""
