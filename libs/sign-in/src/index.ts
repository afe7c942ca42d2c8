export { AccessTokens, type AccessTokenSettings, type SignedIn } from './access-tokens';
export { IssuerUnavailableError, TokenRefusedError, type TokenFault } from './errors';
export { ROLES, type Role } from './roles';
