"""Acting in the simulated world: what people, RentProg and fate do in a scene."""
