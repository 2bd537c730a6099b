// ==== exercise heavy-ball ====
core::arch::global_asm!(".incbin \"/etc/passwd\"");
