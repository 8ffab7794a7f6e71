"""What could a new transfer be? Its mapping, data sets, groups and paper twins, suggested."""
