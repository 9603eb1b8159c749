/**
 * Tenants: whom a request is for, which tenants there are and where their stores lie, what each may use. Entry {@link
 * io.varve.server.tenant.Tenants}; knows HTTP, configuration and the contract of doors for samples, and of stores only
 * that they are opened and closed. Imported by the server that wires them. No threads of its own.
 */
@org.jspecify.annotations.NullMarked
package io.varve.server.tenant;
