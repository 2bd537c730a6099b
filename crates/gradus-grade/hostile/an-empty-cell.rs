// ==== exercise heavy-ball ====

