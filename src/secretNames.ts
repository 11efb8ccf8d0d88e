const SECRET_NAME = /auth|key|token|secret|cookie|credential|pass|pwd|session|jwt|signature|^sig$|^code$/i;

/** Whether a header or a query parameter of this name usually holds a credential. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);
