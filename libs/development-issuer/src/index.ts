export { DEVELOPMENT_AUDIENCE, startDevelopmentIssuer, type DevelopmentIssuer, type TokenWish } from './issuer';
