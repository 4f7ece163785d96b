/** The permissions of every folder and file that the system creates: for its own user only. */
export const privateFolder = 0o700;
export const privateFile = 0o600;
