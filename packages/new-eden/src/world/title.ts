interface Title {
  titleId: number;
  name: string;
  roles: readonly string[];
  rolesAtHq: readonly string[];
}

const hangar = (...divisions: number[]) => divisions.flatMap((n) => [`Hangar_Take_${n}`, `Hangar_Query_${n}`]);

/** Titles of every corporation; the game numbers the sixteen by powers of two. */
export const titles: readonly Title[] = [
  { titleId: 1, name: "Recruiter", roles: ["Personnel_Manager"], rolesAtHq: [] },
  { titleId: 2, name: "Quartermaster", roles: ["Config_Equipment"], rolesAtHq: hangar(1, 2, 3) },
  { titleId: 4, name: "Industrialist", roles: ["Factory_Manager", "Rent_Factory_Facility"], rolesAtHq: hangar(4) },
  { titleId: 8, name: "Fleet Commander", roles: ["Fitting_Manager"], rolesAtHq: hangar(1) },
  { titleId: 16, name: "Line Member", roles: [], rolesAtHq: ["Hangar_Query_1"] },
  {
    titleId: 32,
    name: "Structure Team",
    roles: ["Station_Manager", "Config_Starbase_Equipment"],
    rolesAtHq: hangar(6),
  },
  { titleId: 64, name: "Trader", roles: ["Trader", "Junior_Accountant"], rolesAtHq: hangar(5) },
  { titleId: 128, name: "Project Lead", roles: ["Project_Manager"], rolesAtHq: [] },
];
