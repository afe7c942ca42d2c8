create schema if not exists access;
