import type { ReactNode } from 'react';
import { ROLES } from '../../../shared/domain/people.ts';
import type { Role } from '../../../shared/domain/people.ts';
import { term } from '../../i18n/codes.ts';
import styles from './admin.module.css';

interface RoleChoiceProps {
  readonly label: string;
  readonly role: Role;
  readonly onRole: (role: Role) => void;
}

/** One of the roles. */
export function RoleChoice({ label, role, onRole }: RoleChoiceProps): ReactNode {
  return (
    <select
      aria-label={label}
      className={styles['select']}
      value={role}
      data-testid="people-role"
      onChange={(event) => {
        const chosen = ROLES.find((one) => one === event.target.value);
        if (chosen) onRole(chosen);
      }}
    >
      {ROLES.map((one) => (
        <option key={one} value={one}>
          {term('role', one)}
        </option>
      ))}
    </select>
  );
}
